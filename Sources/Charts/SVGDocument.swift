// A standalone SVG file in the making: elements with their attributes, text escaped.
//
// Nothing in it depends on a style sheet, a script or a font that may be missing.

struct SVGDocument {
  let width: Double
  let height: Double
  private(set) var body: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func element(_ name: String, _ attributes: [(String, String)], text: String? = nil) {
    let list = attributes.map { " \($0.0)=\"\(SVGDocument.escaped($0.1))\"" }.joined()
    if let text {
      body.append("<\(name)\(list)>\(SVGDocument.escaped(text))</\(name)>")
    } else {
      body.append("<\(name)\(list)/>")
    }
  }

  mutating func open(_ name: String, _ attributes: [(String, String)]) {
    let list = attributes.map { " \($0.0)=\"\(SVGDocument.escaped($0.1))\"" }.joined()
    body.append("<\(name)\(list)>")
  }

  mutating func close(_ name: String) { body.append("</\(name)>") }

  mutating func text(
    _ text: String, at place: Point, anchor: String = "start", size: Double = 12,
    color: String = SVGPalette.text, weight: String? = nil, turned: Bool = false
  ) {
    let x = SVGDocument.number(place.x)
    let y = SVGDocument.number(place.y)
    var attributes = [
      ("x", x), ("y", y), ("text-anchor", anchor), ("font-size", SVGDocument.number(size)),
      ("fill", color),
    ]
    if let weight { attributes.append(("font-weight", weight)) }
    if turned { attributes.append(("transform", "rotate(-90 \(x) \(y))")) }
    element("text", attributes, text: text)
  }

  mutating func line(_ a: Point, _ b: Point, color: String, width: Double = 1) {
    element(
      "line",
      [
        ("x1", SVGDocument.number(a.x)), ("y1", SVGDocument.number(a.y)),
        ("x2", SVGDocument.number(b.x)), ("y2", SVGDocument.number(b.y)), ("stroke", color),
        ("stroke-width", SVGDocument.number(width)),
      ])
  }

  mutating func polyline(_ points: [Point], _ attributes: [(String, String)]) {
    let list = points.map { "\(SVGDocument.number($0.x)),\(SVGDocument.number($0.y))" }
    element("polyline", [("points", list.joined(separator: " ")), ("fill", "none")] + attributes)
  }

  /// The whole file.
  func file(title: String) -> String {
    let w = SVGDocument.number(width)
    let h = SVGDocument.number(height)
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" "
        + "height=\"\(h)\" font-family=\"Helvetica, Arial, sans-serif\">",
      "<title>\(SVGDocument.escaped(title))</title>",
      "<rect width=\"\(w)\" height=\"\(h)\" fill=\"#ffffff\"/>",
    ]
    lines += body
    lines.append("</svg>\n")
    return lines.joined(separator: "\n")
  }

  static func number(_ value: Double) -> String {
    NumberLabel.decimals(max(-1e6, min(1e6, value.isNaN ? 0 : value)))
  }

  /// With the five characters of XML replaced; control characters, which XML 1.0 has no way to
  /// write, become blanks.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        result.unicodeScalars.append(isAllowed ? scalar : " ")
      }
    }
    return result
  }
}

/// Colours that people with any colour vision tell apart (Okabe and Ito 2008), on white.
enum SVGPalette {
  static let text = "#222222"
  static let axis = "#666666"
  static let grid = "#e6e6e6"
  private static let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6d31",
  ]
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3", "12 3", "4 2 1 2 1 2"]

  static func color(_ series: Int) -> String { colors[max(0, series) % colors.count] }

  /// Lines differ in print without colour as well.
  static func dash(_ series: Int) -> String { dashes[max(0, series) % dashes.count] }

  /// From light for the lowest contour to dark for the highest.
  static func contour(_ share: Double) -> String {
    let t = max(0, min(1, share))
    func mix(_ a: Double, _ b: Double) -> Int { Int((a + (b - a) * t).rounded()) }
    return "rgb(\(mix(0x35, 0xd9)),\(mix(0x5c, 0xc8)),\(mix(0x7d, 0xa9)))"
  }
}
