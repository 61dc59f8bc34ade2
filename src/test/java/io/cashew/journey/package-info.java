/// Whole journeys: a client, the proxy, real or scripted servers, and nothing in between replaced.
package io.cashew.journey;
