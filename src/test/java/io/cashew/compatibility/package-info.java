/// Whether Cashew answers as twemproxy does: the recorded exchanges replayed, and the list of deliberate differences held
/// against what really happens.
package io.cashew.compatibility;
