# Sourced by Redis's own tests in front of a pool, behind the last of their libraries. What belongs to an operator (CONFIG SET,
# DEBUG, …) is refused by a pool, and so it is done on the server itself, whose port is in SERVER_PORT. After a failed test nothing
# is left of it that would make others fail.

rename ::redis::__dispatch__ ::redis::dispatch_to_pool

proc ::redis::__dispatch__ {id method args} {
    if {[info command ::redis::__method__$method] ne {} || [lindex $::redis::addr($id) 1] != $::port
            || !$::redis::blocking($id)} {
        tailcall ::redis::dispatch_to_pool $id $method {*}$args
    }
    foreach pattern $::for_operators {
        if {[string match $pattern [string tolower "$method [lindex $args 0]"]]} {
            if {!$::redis::deferred($id)} {
                return [[operator] $method {*}$args]
            }
            if {[string match {config *} $pattern]} {
                # The answer is read later, from the pool.
                tailcall ::redis::dispatch_to_pool $id echo [[operator] $method {*}$args]
            }
        }
    }
    tailcall ::redis::dispatch_to_pool $id $method {*}$args
}

# DEBUG PROTOCOL is about the reply, which would not be the pool's.
set ::for_operators {
    {config *} {debug [a-oq-z]*} {save *} {bgsave *} {bgrewriteaof *} {latency *} {replicaof *} {slaveof *}
    {script kill} {function kill}
}

proc operator {} {
    if {![info exists ::operator]} {
        set ::operator [redis 127.0.0.1 $::env(SERVER_PORT)]
        catch {$::operator select 9}
    }
    return $::operator
}

rename test test_of_suite

proc test {args} {
    set failed $::num_failed
    uplevel 1 [list test_of_suite {*}$args]
    if {$::num_failed > $failed} {
        catch {[operator] script kill}
        catch {[operator] function kill}
        catch {[operator] config set maxmemory 0}
        catch {reconnect}
        catch {r client unpause}
        catch {r client kill type normal}
    }
}
