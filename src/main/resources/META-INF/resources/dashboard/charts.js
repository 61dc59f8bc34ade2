// Lines over the last minutes. uPlot draws them; the legend, which says the latest figures, and the table are ours.

import uPlot from "../webjars/uplot/1.6.30/dist/uPlot.esm.js";
import {element, say} from "./elements.js";
import {moment} from "./format.js";

const HEIGHT = 180;
/** Five minutes of a reading every two seconds. */
const DEPTH = 150;
const SHOWN_IN_TABLE = 10;
/** Between the marks of the upright axis, 1 at least: half a request cannot be told from one when it is written. */
const STEPS = Array.from({length: 13}, (_, power) => [1, 2, 5].map(step => step * 10 ** power)).flat();

/** One chart, in `figure`. */
export class Chart {
    #plot;
    #picture;
    #title;
    #lines;
    #format;
    #values;
    #table;
    #data;

    /** `lines` are `{label, colour, look, dash}`: the name of a custom property, and how the legend shows it; `format` writes their figures. */
    constructor(figure, lines, format) {
        this.#lines = lines;
        this.#format = format;
        this.#title = figure.querySelector("figcaption").textContent;
        this.#picture = figure.querySelector(".chart");
        this.#values = lines.map(() => element("span", {class: "value"}));
        figure.querySelector("figcaption").after(element("ul", {class: "legend"}, ...lines.map((line, index) =>
            element("li", {}, element("span", {class: `line ${line.look}`, "aria-hidden": "true"}), `${line.label} `, this.#values[index]))));
        this.#table = figure.querySelector("details");
        this.#table.addEventListener("toggle", () => this.#showTable());
        this.clear();
        this.#plot = new uPlot(this.#options(), this.#data, this.#picture);
        new ResizeObserver(() => this.#plot.setSize(this.#size())).observe(this.#picture);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plot.redraw());
    }

    /** Forgets everything. */
    clear() {
        this.#data = [[], ...this.#lines.map(() => [])];
    }

    /** Adds a figure for each line, null where there is none, read at `at`, in milliseconds of the clock. */
    add(at, figures) {
        [at / 1_000, ...figures].forEach((figure, index) => {
            this.#data[index].push(figure);
            if (this.#data[index].length > DEPTH) {
                this.#data[index].shift();
            }
        });
        this.#plot.setData(this.#data);
        this.#showValues(this.#data[0].length - 1);
        this.#picture.setAttribute("aria-label", `${this.#title}, now: ${this.#lines
            .map((line, index) => `${line.label} ${this.#format(figures[index])}`)
            .join(", ")}`);
        this.#showTable();
    }

    #showValues(index) {
        this.#values.forEach((value, line) => say(value, this.#format(this.#data[line + 1][index])));
    }

    #showTable() {
        if (!this.#table.open) {
            return;
        }
        const [times] = this.#data;
        const latest = times.map((_, index) => index).slice(-SHOWN_IN_TABLE).reverse();
        this.#table.querySelector(".readings").replaceChildren(element("table", {},
            element("thead", {}, element("tr", {},
                element("th", {scope: "col"}, "Time"),
                ...this.#lines.map(line => element("th", {scope: "col", class: "number"}, line.label)))),
            element("tbody", {}, ...latest.map(index => element("tr", {},
                element("th", {scope: "row"}, moment(new Date(times[index] * 1_000))),
                ...this.#lines.map((_, line) => element("td", {class: "number"}, this.#format(this.#data[line + 1][index]))))))));
    }

    #size() {
        return {width: Math.max(this.#picture.clientWidth, 200), height: HEIGHT};
    }

    #options() {
        const axis = {
            stroke: () => colour("--quiet"),
            font: "12px system-ui, sans-serif",
            grid: {stroke: () => colour("--grid"), width: 1},
            ticks: {show: false},
        };
        return {
            ...this.#size(),
            legend: {show: false},
            padding: [10, 20, 0, 0],
            cursor: {drag: {x: false, y: false}, y: false, points: {size: 6}},
            scales: {y: {range: (_, __, most) => [0, Math.max(most * 1.1, 1)]}},
            axes: [
                {...axis, size: 26, space: 80, values: (_, ticks) => ticks.map(tick => moment(new Date(tick * 1_000)))},
                {...axis, size: 56, gap: 8, space: 36, incrs: STEPS, values: (_, ticks) => ticks.map(this.#format)},
            ],
            series: [{}, ...this.#lines.map(line => ({
                label: line.label,
                stroke: () => colour(line.colour),
                width: 2,
                dash: line.dash,
                points: {show: false},
            }))],
            // The legend says the figures at the pointer, or the latest
            hooks: {setCursor: [plot => this.#showValues(plot.cursor.idx ?? this.#data[0].length - 1)]},
        };
    }
}

function colour(property) {
    return getComputedStyle(document.documentElement).getPropertyValue(property);
}
