import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct ReportTests {
  @Test func explanationOfAnElement() throws {
    let parameter = try exampleSteps(2)[1].parameters[0]
    let correction = try #require(parameter.lines.first { $0.name == name("v_hat") })
    #expect(
      FormulaReport(correction, of: parameter, at: [1]).plain() == """
        v̂[1] = v[1]/(1 - β₂ᵗ)
             = 0.069604/(1 - 0.999²)
             = 34.8194
        """)
    let update = try #require(parameter.lines.last)
    #expect(
      FormulaReport(update, of: parameter, at: [1]).plain(width: 40, ascii: true) == """
        w[1] = w[1] - lr*m_hat[1]
               /(sqrt(v_hat[1]) + eps)
             = -1.9 - 0.1*(-5.89474)
               /(sqrt(34.8194) + 1e-08)
             = -1.8001
        """)
  }

  @Test func anElementOfWhatMixesElements() throws {
    let matrix = Tensor([1, 2, 3, 4], shape: [2, 2])
    let product = try line("u", "a @ g", ["a": matrix, "g": vector([1, 1])], vector([3, 7]))
    let scaled = try line(
      "u", "g / norm(g)", ["g": vector([3, 4])], vector([0.6, 0.8]))
    let parameter = StepRecord.ParameterRecord(
      name: name("w"), optimizer: "mine", t: 1, constants: [], lines: [product, scaled],
      before: vector([0, 0]), after: vector([0, 0]))
    #expect(FormulaReport(product, of: parameter, at: [1]).plain() == "u[1] = a @ g\n     = 7")
    #expect(
      FormulaReport(scaled, of: parameter, at: [1]).plain() == """
        u[1] = g[1]/norm(g)
             = 4/norm([3, 4])
             = 0.8
        """)
  }

  @Test func valuesAloneAndNamed() {
    #expect(ValueReport(value: vector([-3.78610072, -5.78605])).plain() == "[-3.7861, -5.78605]")
    #expect(ValueReport(name: "norm(g)", value: Tensor(7.2111)).plain() == "norm(g) = 7.2111")
    #expect(ValueReport(name: "m", value: Tensor(1)).json()["name"] == .string("m"))
  }

  private var table: TableReport {
    TableReport(
      title: "runs", columns: [.init("t"), .init("L"), .init("remark")],
      rows: [
        [1.0, 13.0, "some words that need a little room"], [10.0, 12.02], [100.0, 0.5, "done"],
      ], footer: "3 rows")
  }

  @Test func tables() {
    #expect(
      table.plain() == """
        runs
          t      L  remark
          1  13     some words that need a little room
         10  12.02
        100   0.5   done
        3 rows
        """)
    #expect(
      table.plain(width: 32) == """
        runs
          t      L  remark
          1  13     some words that need
                    a little room
         10  12.02
        100   0.5   done
        3 rows
        """)
    #expect(table.json()["columns"] == .array([.string("t"), .string("L"), .string("remark")]))
  }

  @Test func wideTablesComeInParts() {
    let wide = TableReport(
      columns: (0..<6).map { .init("column\($0)") },
      rows: [(0..<6).map { .number(Double($0)) }])
    #expect(
      wide.plain(width: 30) == """
        column0  column1  column2
              0        1        2

        column0  column3  column4
              0        3        4

        column0  column5
              0        5
        """)
  }

  @Test func noTableIsWiderThanTheScreen() {
    var random = RandomNumbers(seed: 8)
    for _ in 0..<200 {
      let columns = random.integer(1...8)
      let textual = (0..<columns).map { _ in random.integer(0...2) == 0 }
      let rows = (0..<4).map { _ in
        textual.map { isText -> TableReport.Cell in
          isText
            ? .text(String(repeating: "word ", count: random.integer(0...12)))
            : .number(random.number())
        }
      }
      let width = random.integer(40...200)
      let table = TableReport(columns: (0..<columns).map { .init("c\($0)") }, rows: rows)
      for line in table.text(Format(width: width)) {
        #expect(line.width <= width, "at \(width): \(line.plain)")
        #expect(!line.plain.hasSuffix(" "))
      }
    }
  }

  @Test func trees() throws {
    let tree = TreeReport(
      .init(
        .formula(try formula("m_hat[0]")), formula: .formula(try formula("m[0]/(1 - beta1^t)")),
        value: Tensor(-4),
        children: [
          .init("m[0]", value: Tensor(-0.4), children: [.init("g[0]", value: Tensor(-4))]),
          .init(.name(name("beta1")), value: Tensor(0.9), note: "given"),
        ]))
    #expect(
      tree.plain() == """
        m̂[0] = m[0]/(1 - β₁ᵗ) = -4
        ├─ m[0] = -0.4
        │  └─ g[0] = -4
        └─ β₁ = 0.9   given
        """)
    #expect(
      tree.plain(ascii: true) == """
        m_hat[0] = m[0]/(1 - beta1^t) = -4
        |- m[0] = -0.4
        |  `- g[0] = -4
        `- beta1 = 0.9   given
        """)
  }

  @Test func deepTreesEnd() {
    var node = TreeReport.Node("x", value: Tensor(0))
    for _ in 0..<500 { node = .init("x", value: Tensor(0), children: [node]) }
    let report = TreeReport(node)
    #expect(report.plain().hasSuffix("…"))
    #expect(report.json()["roots"] != nil)
  }

  @Test func messagesFoldAndKeepTheirFields() {
    let report = MessageReport(
      "w : param [2] → and many more words than fit the width", fields: ["name": .string("w")])
    #expect(
      report.plain(width: 30, ascii: true) == """
        w : param [2] -> and many more
          words than fit the width
        """)
    #expect(report.json()["name"] == .string("w"))
    #expect(
      report.json()["text"] == .string("w : param [2] → and many more words than fit the width"))
  }

  @Test func help() {
    let report = HelpReport(
      title: "adam", summary: "Adam", usage: ["optimizer adam(lr=0.001)"],
      paragraphs: ["Keeps running means."], terms: [("lr", "learning rate")],
      examples: [.init(["step"], remark: "One step")], seeAlso: ["adamw"])
    #expect(
      report.plain() == """
        adam  Adam
          optimizer adam(lr=0.001)

        Keeps running means.

          lr  learning rate

          One step
          > step

        see also adamw
        """)
  }

  @Test func errors() {
    let source = Source("x = 1\noptmizer adam", name: "a.descent", firstLine: 3)
    let report = ErrorReport(
      Diagnostic("command.unknown", "no command optmizer", at: Span(source, 6, 14), help: "try"))
    #expect(report.plain().hasPrefix("error: no command optmizer"))
    let dots = Diagnostic("x", "√ of …", at: Span(Source("√x"), 0, 3), help: "type x = …")
    #expect(ErrorReport(dots).plain(ascii: true).contains("help: type x = ..."))
    #expect(report.json()["line"] == .number(4))
    #expect(report.json()["id"] == .string("command.unknown"))
    #expect(report.json()["source"] == .string("optmizer"))
  }

  @Test func absurdWidthsAndDigitsDoNoHarm() throws {
    let step = try exampleSteps(2)[1]
    let explained = FormulaReport(step.parameters[0].lines[5], of: step.parameters[0], at: [0])
    let matrix = ValueReport(
      name: "x", value: Tensor((0..<60).map { Double($0) / 7 }, shape: [3, 20]))
    let message = MessageReport("words that do not fit, and thenoneverylongword")
    for width in [Int.min, -1, 0, 1, 2, 5, 11, 20, Int.max] {
      for digits in [Int.min, 0, 1, 17, Int.max] {
        let format = Format(width: width, ascii: width % 2 == 0, digits: digits)
        let reports: [any Report] = [StepReport(step), explained, matrix, message, table]
        for report in reports { #expect(!report.text(format).isEmpty) }
      }
    }
  }

  @Test func asciiSigns() {
    let signs = Signs(ascii: true)
    #expect(
      signs.plain("step 1 · m̂ = β₁·m²/(1 - β₂ᵗ) → x⁻¹²")
        == "step 1 - m_hat = beta1*m^2/(1 - beta2^t) -> x^-12")
    #expect(Signs(ascii: false).plain("β₁ → …") == "β₁ → …")
  }

  @Test func everyObjectSaysWhatItIs() {
    let fields = ValueReport(value: Tensor(1)).object.fields
    #expect(fields?["kind"] == .string("value"))
    #expect(fields?["version"] == .number(1))
  }
}
