/// The packaged application, run as its users run it: a process, its options, its exit codes.
package io.cashew.packaged;
