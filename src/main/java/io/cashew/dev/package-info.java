/// The workbench: what development mode brings along, so that `./mvnw quarkus:dev` needs nothing but a JDK.
///
/// [DevServers] runs three redis-servers and the pool over them when no pool is configured. It is a bean in development
/// only. Nothing else in the house knows this room.
package io.cashew.dev;
