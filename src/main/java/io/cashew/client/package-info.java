/// The front door: listeners, client connections, replies in order.
///
/// A [Listener] accepts connections through Vert.x and puts a [ClientConnection] in front of their pipelines; from then on
/// bytes are ours. Its [RequestLoop] decodes requests, answers what concerns only this client, and hands the rest to the
/// forwarder, or to its [Aside] what no shared connection can carry; its [ClientExchange] takes the answers, which a [ReplyQueue]
/// gives back in the order of the requests. When a client is not read, or not any more, is said by [FlowControl], [Restraint] and
/// [Patience], which decide and change nothing else. Knows servers only through `forwarding`.
package io.cashew.client;
