// Figures as people read them. What is not known is a dash.

const UNKNOWN = "–";

const whole = new Intl.NumberFormat("en", {maximumFractionDigits: 0});
const tenths = new Intl.NumberFormat("en", {minimumFractionDigits: 1, maximumFractionDigits: 1});
const significant = new Intl.NumberFormat("en", {maximumSignificantDigits: 3});
const percent = new Intl.NumberFormat("en", {style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1});
const clock = new Intl.DateTimeFormat("en-GB", {hour: "2-digit", minute: "2-digit", second: "2-digit"});
const day = new Intl.DateTimeFormat("en-GB", {dateStyle: "medium"});

function known(value, text) {
    return value === null || value === undefined ? UNKNOWN : text(value);
}

export function count(value) {
    return known(value, number => whole.format(number));
}

/** Something per second: a tenth counts where there is little. */
export function rate(value) {
    return known(value, number => (number > 0 && number < 10 ? tenths : whole).format(number));
}

export function share(value) {
    return known(value, number => percent.format(number));
}

/** A time given in microseconds. */
export function micros(value) {
    return known(value, number => {
        if (number < 1_000) {
            return `${significant.format(number)} µs`;
        }
        return number < 1_000_000 ? `${significant.format(number / 1_000)} ms` : `${significant.format(number / 1_000_000)} s`;
    });
}

/** A time given in milliseconds, roughly. */
export function age(value) {
    return known(value, number => {
        const seconds = Math.floor(number / 1_000);
        if (seconds < 120) {
            return `${seconds} s`;
        }
        if (seconds < 7_200) {
            return `${Math.floor(seconds / 60)} min`;
        }
        return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
    });
}

/** A moment: the time, and the day unless it is today. */
export function moment(date) {
    const today = day.format(new Date()) === day.format(date);
    return today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}
