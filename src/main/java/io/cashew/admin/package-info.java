/// The office: what a person or a monitor may ask about the pools while they run.
///
/// REST ([PoolsResource], documented in `docs/rest.md` and at `/q/openapi`) shows pools, servers and where a key goes and
/// why; health ([PoolsStarted], [PoolsListen], [EventLoopsAnswer]) and meters ([PoolMeters], `docs/metrics.md`) have a port
/// of their own; [StatisticsPort] is twemproxy's. Browsers get the dashboard from [IndexResource], a page that asks REST
/// (`META-INF/resources/dashboard`). [Access] says who may do what: everybody may read, unless told otherwise, and
/// only users with the role `admin` may change anything. Requests in traffic never come through this room.
///
/// Conventions of the JSON: names are in camelCase, with the unit at the end where there is one; every field is always
/// there, `null` where there is nothing to say; passwords are not even masked, there is only whether one is set. Errors
/// are [Problem]s.
package io.cashew.admin;
