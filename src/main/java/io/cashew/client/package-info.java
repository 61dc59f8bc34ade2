/// The front door: listeners, client connections, replies in order.
///
/// A [Listener] accepts connections through Vert.x and puts a [ClientConnection] in front of their pipelines; from then on
/// bytes are ours. A client connection decodes requests, answers what concerns only this client, hands the rest to the
/// forwarder, and gives replies back in the order of the requests. Knows servers only through `forwarding`.
package io.cashew.client;
