/// The back door: servers, their health, pipelined connections.
///
/// A worker has its [Backends]; they open [ServerConnection]s through a [Connector] when they are first needed. A
/// connection sends calls in order and completes each exactly once: with a response, or with the reason why none will
/// come. [PrivateConnections] are lent to one client at a time; over a [SubscriberConnection] a server also says what nobody asks
/// for each time. Two things here are shared by workers: [Health], who is
/// ejected, and until when, for which a [Prober] finds out whether a server serves; and [Addresses], where the names of
/// servers lead. Knows protocols only through their decoders, greetings and probes, and neither clients nor routes.
package io.cashew.server;
