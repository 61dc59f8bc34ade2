/// Signposts: which server a request goes to, or why none.
///
/// A [Router] is pure arithmetic over an immutable distribution; whoever changes the set of live servers makes a new one
/// and replaces the old as a whole. A [Route] is its answer.
package io.cashew.routing;
