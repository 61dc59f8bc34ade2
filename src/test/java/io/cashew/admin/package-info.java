/// What is seen of running pools from outside: REST, health, meters, and the documents that describe them.
///
/// One application with the pools of [SeenPools], over real servers, is started for all of it.
package io.cashew.admin;
