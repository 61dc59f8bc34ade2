package io.cashew;

import java.lang.reflect.Proxy;

/// What the process does when it is sent a signal. Each is handled on a thread of its own.
final class Signals {
    private Signals() {}

    /// From now on `task` is run when the signal `name`, as in `TERM`, comes, and nothing else is done. Where the runtime knows no
    /// such thing, or needs the signal for itself, everything stays as it is.
    static void handle(String name, Runnable task) {
        try {
            // By name, because the compiler warns of every mention of these types, and offers nothing in their place.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object run = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, given) -> {
                task.run();
                return null;
            });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), run);
        } catch (ReflectiveOperationException notThisRuntime) {
            // Then the signal does what the system lets it do.
        }
    }
}
