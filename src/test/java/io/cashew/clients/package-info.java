/// Client libraries as applications use them, with the settings they come with, in front of real pools. What they do is
/// listed in `docs/clients.md`.
///
/// [ClientSuite] and [MemcacheClientSuite] say what has to work; a class per library says how that library is asked.
package io.cashew.clients;
