/// The rules that hold the house up, as tests.
package io.cashew.architecture;
