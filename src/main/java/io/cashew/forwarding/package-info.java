/// The hall: one request's journey from arrival to answer.
///
/// An [Exchange] is what a client is owed, a call what a server owes us. The [Forwarder] carries a request out: to one
/// server, in parts to several, or back with the reason why not. A [Gathering] waits for the parts. A [PrivateLine] is one client's
/// way to a server whose memory or patience it needs for itself. [Subscriptions] are what comes without being asked for each time:
/// a [ListeningPost] hears it from one server, a [Subscriber] gets it for one client. Start reading at
/// [Forwarder#forward(Exchange, io.cashew.protocol.Request, io.cashew.transport.Frame)].
package io.cashew.forwarding;
