// Cashew counts since its start. What happens now is the difference of two readings.

/** Readings at least this far apart have something missing between them. */
const GAP_MILLIS = 10_000;

/** The last readings of something, `depth` of them, each at a time in milliseconds. */
export class Readings {
    #depth;
    #readings = [];

    constructor(depth) {
        this.#depth = depth;
    }

    add(at, value) {
        const last = this.#readings.at(-1);
        // Figures of a Cashew that was not asked for a while, or of none at all, say nothing about now
        if (last !== undefined && at - last.at > GAP_MILLIS) {
            this.#readings = [];
        }
        this.#readings.push({at, value});
        if (this.#readings.length > this.#depth) {
            this.#readings.shift();
        }
    }

    /** The last two, or the last and the first of those `millis` back: `{before, after, seconds}`, or null. */
    span(millis = 0) {
        const after = this.#readings.at(-1);
        const old = this.#readings.slice(0, -1);
        const before = millis === 0 ? old.at(-1) : old.find(reading => after.at - reading.at <= millis);
        return before === undefined ? null : {before: before.value, after: after.value, seconds: (after.at - before.at) / 1_000};
    }
}

/** By how much `figure` has grown; null if it is not known, or has begun anew. */
export function growth(span, figure) {
    if (span === null) {
        return null;
    }
    const grown = figure(span.after) - figure(span.before);
    return grown >= 0 ? grown : null;
}

/** Growth per second. */
export function perSecond(span, figure) {
    const grown = growth(span, figure);
    return grown === null ? null : grown / span.seconds;
}

/** How many replies took how long between two readings of buckets: `[upToMicros, replies]`, upward; null if not known. */
export function replies(before, after) {
    const old = new Map(before.map(bucket => [bucket.upToMicros, bucket.replies]));
    const grown = after.map(bucket => [bucket.upToMicros ?? Infinity, bucket.replies - (old.get(bucket.upToMicros) ?? 0)]);
    return grown.some(([, count]) => count < 0) ? null : grown.filter(([, count]) => count > 0);
}

/** What several servers have replied, together. */
export function together(all) {
    const sum = new Map();
    for (const [upToMicros, count] of all.flat()) {
        sum.set(upToMicros, (sum.get(upToMicros) ?? 0) + count);
    }
    return [...sum].sort(([one], [other]) => one - other);
}

/** The time in microseconds that `part` of the replies did not exceed, as Cashew says it itself; null without replies. */
export function quantile(part, buckets) {
    const rank = part * buckets.reduce((sum, [, count]) => sum + count, 0);
    let count = 0;
    for (const [upToMicros, replied] of buckets) {
        count += replied;
        if (count >= rank) {
            return upToMicros;
        }
    }
    return null;
}
