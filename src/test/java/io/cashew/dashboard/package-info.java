/// The dashboard as its readers have it: in a real browser, in front of a running Cashew and real servers. What the page
/// asks for is tested in `admin`.
package io.cashew.dashboard;
