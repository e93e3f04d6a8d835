// A chart as a value: axes, curves, bars, contours. What it looks like is left to the two that draw
// it, `TextChart` for a terminal and `SVGChart` for a file; both use the same frame and ticks.
//
// Nothing here traps on NaN, infinities or empty data: what cannot be drawn is left out.

package struct Point: Sendable, Equatable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  package var isFinite: Bool { x.isFinite && y.isFinite }
}

/// Points in the order they are joined. One that is not finite makes a gap.
package struct Series: Sendable {
  package enum Drawing: Sendable {
    case line
    /// Points that are not joined.
    case points
    /// A way through the plane: joined points, its beginning and its end marked.
    case path
  }

  package var name: String
  package var points: [Point]
  package var drawing: Drawing

  package init(_ name: String, _ points: [Point], _ drawing: Drawing = .line) {
    self.name = name
    self.points = points
    self.drawing = drawing
  }
}

package struct Axis: Sendable {
  package var label: String
  package var isLogarithmic: Bool
  /// Ticks at whole numbers only, as for steps.
  package var isWhole: Bool
  /// What it shows; nil means all the data.
  package var range: ClosedRange<Double>?

  package init(
    _ label: String = "", isLogarithmic: Bool = false, isWhole: Bool = false,
    range: ClosedRange<Double>? = nil
  ) {
    self.label = label
    self.isLogarithmic = isLogarithmic
    self.isWhole = isWhole
    self.range = range
  }
}

/// A bar of a histogram: from one place on the x axis to another.
package struct Bar: Sendable {
  package var from: Double
  package var to: Double
  package var height: Double

  package init(from: Double, to: Double, height: Double) {
    self.from = from
    self.to = to
    self.height = height
  }
}

package struct Chart: Sendable {
  package var title: String
  package var x: Axis
  package var y: Axis
  package var series: [Series]
  package var bars: [Bar]
  package var field: Field?
  /// Lines in small print below it.
  package var notes: [String]

  package init(
    title: String = "", x: Axis = Axis(), y: Axis = Axis(), series: [Series] = [],
    bars: [Bar] = [], field: Field? = nil, notes: [String] = []
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.bars = bars
    self.field = field
    self.notes = notes
  }
}
