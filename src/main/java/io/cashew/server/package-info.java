/// The back door: servers, their health, pipelined connections.
///
/// A worker has its [Backends]; they open [ServerConnection]s through a [Connector] when they are first needed. A
/// connection sends calls in order and completes each exactly once: with a response, or with the reason why none will
/// come. [Health] is the one thing here that workers share: who is ejected, and until when; a [Prober] finds out for it
/// whether a server serves. Knows protocols only through their decoders, greetings and probes, and neither clients nor
/// routes.
package io.cashew.server;
