package io.cashew.metrics;

/// What has been counted about the health of one server of a pool, by all workers together.
public final class HealthCounters {
    /// How often it has been taken out.
    public long ejections;
    /// How often it has been let back in.
    public long readmissions;
    /// Ejections that followed so soon upon a return that the server is taken to be unsteady.
    public long flaps;
    /// Probes that have come to an end, well or not.
    public long probes;
    /// Those of them that were not answered in time, or not well.
    public long probeFailures;

    /// The figures as they are now, apart from what is counted later.
    public HealthCounters copy() {
        HealthCounters copy = new HealthCounters();
        copy.ejections = ejections;
        copy.readmissions = readmissions;
        copy.flaps = flaps;
        copy.probes = probes;
        copy.probeFailures = probeFailures;
        return copy;
    }
}
