/// The hall: one request's journey from arrival to answer.
///
/// An [Exchange] is what a client is owed, a call what a server owes us. The [Forwarder] carries a request out: to one
/// server, in parts to several, or back with the reason why not. A [Gathering] waits for the parts. Start reading at
/// [Forwarder#forward(Exchange, io.cashew.protocol.Request, io.cashew.transport.Frame)].
package io.cashew.forwarding;
