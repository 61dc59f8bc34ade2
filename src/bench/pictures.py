"""Pictures of tables as SVG, readable on light and on dark pages."""
import math
import statistics
from dataclasses import dataclass
from xml.sax.saxutils import escape

STYLE = """<style>
  :root { color-scheme: light dark; }
  .paper { fill: #ffffff; } .ink { fill: #1f2328; } .soft { fill: #59636e; } .line { stroke: #d1d9e0; } .base { stroke: #59636e; }
  .s0 { --c: #0969da; } .s1 { --c: #bc4c00; } .s2 { --c: #8250df; } .s3 { --c: #1a7f37; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117; } .ink { fill: #f0f6fc; } .soft { fill: #9198a1; } .line { stroke: #3d444d; } .base { stroke: #9198a1; }
    .s0 { --c: #4493f8; } .s1 { --c: #f0883e; } .s2 { --c: #ab7df8; } .s3 { --c: #3fb950; }
  }
  text { font: 12px system-ui, sans-serif; } .title { font-weight: 600; font-size: 14px; }
  .fill { fill: var(--c); } .stroke { stroke: var(--c); fill: none; stroke-width: 2; }
</style>"""
# The same proxy has the same colour in all pictures.
COLOURS = {"Cashew": 0, "nutcracker": 1, "Cashew, two loops": 2, "predixy": 3, "Cashew, slow log": 2, "Cashew, access log": 3}


@dataclass(frozen=True)
class Bar:
    label: str
    proxy: str
    costs: list
    wanted_cost: float
    rates: list
    wanted_rate: float


class Drawing:
    def __init__(self, width, height, title):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
                      f'role="img" aria-label="{escape(title)}">', STYLE,
                      f'<rect class="paper" width="{width}" height="{height}" rx="6"/>']
        self.text(16, 24, title, "ink title")

    def text(self, x, y, words, style="ink", anchor="start"):
        self.parts.append(f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, style="line", dashes=""):
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{dashed}/>')

    def rectangle(self, x, y, width, height, style):
        self.parts.append(f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{max(0, width):.1f}" height="{height:.1f}"/>')

    def path(self, points, style):
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline class="{style}" points="{joined}"/>')
        self.parts += [f'<circle class="{style.replace("stroke", "fill")}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]

    def legend(self, x, y, names):
        for name in names:
            self.rectangle(x, y - 9, 10, 10, f"s{COLOURS[name]} fill")
            self.text(x + 15, y, name, "soft")
            x += 30 + 7 * len(name)

    def svg(self):
        return "\n".join(self.parts + ["</svg>"]) + "\n"


def ratio_bars(title, bars, names):
    """Two bars for every line: CPU and throughput as ratios to nutcracker, with their range and what was wanted."""
    top, step, label, width = 76, 22, 250, 300
    columns = [("CPU a request ÷ nutcracker's: shorter is better", lambda bar: (bar.costs, bar.wanted_cost)),
               ("throughput ÷ nutcracker's: longer is better", lambda bar: (bar.rates, bar.wanted_rate))]
    drawing = Drawing(label + 2 * (width + 60), top + step * len(bars) + 34, title)
    drawing.legend(16, 46, [name for name in names if name != "nutcracker"])
    for column, (heading, figures) in enumerate(columns):
        left = label + column * (width + 60)
        most = max([1.25] + [max(figures(bar)[0] + [figures(bar)[1] or 0], default=1) * 1.1 for bar in bars])

        def at(ratio, left=left, most=most):
            return left + ratio / most * width
        drawing.text(left, 66, heading, "soft")
        for number, bar in enumerate(bars):
            ratios, wanted = figures(bar)
            y = top + number * step
            if column == 0:
                drawing.text(label - 8, y + 12, bar.label, "ink", "end")
            if not ratios:
                continue
            drawing.rectangle(left, y + 2, at(statistics.median(ratios)) - left, 13, f"s{COLOURS[bar.proxy]} fill")
            drawing.line(at(min(ratios)), y + 8.5, at(max(ratios)), y + 8.5, "base")
            if wanted:
                drawing.line(at(wanted), y, at(wanted), y + 17, "base")
            drawing.text(at(max(max(ratios), wanted or 0)) + 6, y + 13, f"{statistics.median(ratios):.2f}", "soft")
        bottom = top + step * len(bars) + 4
        drawing.line(at(1), top - 4, at(1), bottom, "base", "4 3")
        drawing.text(at(1), bottom + 14, "nutcracker", "soft", "middle")
    return drawing.svg()


class Plot:
    """Axes of one panel. Values up the side are on a logarithmic scale unless they span little."""

    def __init__(self, drawing, left, top, width, height, places, values):
        self.drawing, self.left, self.top, self.width, self.height = drawing, left, top, width, height
        self.places = places
        low, high = min(values), max(values)
        self.logarithmic = low > 0 and high / low > 8
        if self.logarithmic:
            self.low, self.high = math.log10(low) - 0.05, math.log10(high) + 0.05
            ticks = [digit * 10.0**power for power in range(math.floor(self.low), math.ceil(self.high) + 1) for digit in (1, 2, 5)]
            ticks = [tick for tick in ticks if self.low <= math.log10(tick) <= self.high]
        else:
            self.low, self.high = 0, high * 1.1 or 1
            rough = self.high / 4
            power = 10.0**math.floor(math.log10(rough))
            unit = next(step * power for step in (1, 2, 5, 10) if step * power >= rough)
            ticks = [unit * number for number in range(int(self.high / unit) + 1)]
        for tick in ticks:
            drawing.line(left, self.y(tick), left + width, self.y(tick))
            drawing.text(left - 6, self.y(tick) + 4, f"{tick:,.6g}", "soft", "end")

    def y(self, value):
        position = math.log10(value) if self.logarithmic else value
        return self.top + self.height * (1 - (position - self.low) / (self.high - self.low))

    def x(self, place):
        """Points stand at equal distances; what is measured grows about as a geometric series does."""
        return self.left + self.width * (self.places.index(place) + 0.5) / len(self.places)

    def draw(self, series, names):
        for place, name in zip(self.places, names):
            self.drawing.text(self.x(place), self.top + self.height + 16, name, "soft", "middle")
        for proxy, points in series.items():
            if points:
                self.drawing.path([(self.x(place), self.y(value)) for place, value in points], f"s{COLOURS[proxy]} stroke")


def panels_of(title, panels, names, footer):
    """Panels beside each other, one plot in each."""
    width, height, left, top = 330, 230, 62, 90
    drawing = Drawing(left + len(panels) * (width + left) - 20, top + height + 46, title)
    drawing.legend(16, 46, list(dict.fromkeys(name for _, series in panels for name in series)))
    for number, (heading, series) in enumerate(panels):
        values = [value for points in series.values() for _, value in points if value]
        if not values:
            continue
        places = list(dict.fromkeys(place for points in series.values() for place, _ in points))
        plot = Plot(drawing, left + number * (width + left), top, width, height, places, values)
        drawing.text(plot.left, top - 12, heading, "ink")
        plot.draw(series, [names(place) for place in places])
        drawing.text(plot.left + width / 2, top + height + 36, footer, "soft", "middle")
    return drawing.svg()


def latency_curves(title, panels):
    return panels_of(title, [(f"{heading}, µs", {name: [point for point in points if point[1]] for name, points in series.items()})
                             for heading, series in panels], lambda name: name[1:] if name.startswith("p") else name, "percentile")


def growth(title, axis, panels):
    def short(point):
        for unit, size in (("M", 1024 * 1024), ("K", 1024)):
            if point >= size and point % size == 0 and axis.startswith("bytes"):
                return f"{point // size} {unit}"
        return f"{point:,}"
    return panels_of(title, panels, short, axis)
