/// Bytes and event loops: what both doors are made of.
///
/// An [IoLoop] is what all connections of one event loop share: the receive buffer, the output chunks, the one flush per
/// iteration. An [Inlet] receives for one connection, an [Outlet] sends for one, a [Frame] is one complete message lying
/// in received bytes. Nothing here knows a protocol, a pool or Vert.x; everything runs on the event loop it belongs to.
package io.cashew.transport;
