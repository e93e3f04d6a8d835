// Published worked examples: what the tool computes is what is true, and where a source is wrong it
// is not what the source prints.

import Diagnostics
import Notation
import Testing

@testable import Commands
@testable import Engine

@Suite struct WorkedExampleTests {
  struct Example: Decodable {
    let id: String
    let inputs: Inputs
    let facts: [Fact]
  }

  struct Inputs: Decodable {
    let objective: String?
    let start: [Double]?
    let eta: Double
    let steps: Int?
    let rule: String?
    let beta: Double?
    let gamma: Double?
    let eps: Double?
  }

  struct Fact: Decodable {
    let name: String
    let expected: RecordedTensor
    let printed: Printed?
    let rtol: Double?
    let status: String?
  }

  enum Printed: Decodable {
    case one(String)
    case several([String])
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .one(text)
      } else {
        self = .several(try container.decode([String].self))
      }
    }
    var texts: [String] {
      switch self {
      case .one(let text): [text]
      case .several(let texts): texts
      }
    }
  }

  static let network = """
    i = [0.05, 0.1]; target = [0.01, 0.99]
    param W1 = [[0.15, 0.2], [0.25, 0.3]]; param W2 = [[0.4, 0.45], [0.5, 0.55]]
    param b1 = 0.35; param b2 = 0.6; freeze b1, b2
    net_h = W1 @ i + b1; out_h = sigmoid(net_h)
    net_o = W2 @ out_h + b2; out_o = sigmoid(net_o)
    E_each = (target - out_o)^2/2
    loss E = sum(E_each)
    optimizer sgd(lr=0.5)
    delta_o = grad(E, net_o)
    """

  /// What gives each figure: the lines to type before, and the expression.
  static let figures: [String: (before: String, expression: String)] = [
    "net_h1": ("", "net_h[0]"), "out_h1": ("", "out_h[0]"), "out_h2": ("", "out_h[1]"),
    "net_o1": ("", "net_o[0]"), "out_o1": ("", "out_o[0]"), "out_o2": ("", "out_o[1]"),
    "E_o1": ("", "E_each[0]"), "E_o2": ("", "E_each[1]"), "E_total": ("", "E"),
    "dE/dout_o1": ("", "grad(E, out_o)[0]"),
    "dout_o1/dnet_o1": ("", "grad(out_o[0], net_o)[0]"),
    "delta_o1": ("", "grad(E, net_o)[0]"), "delta_o2": ("", "grad(E, net_o)[1]"),
    "dE/dw5": ("", "grad(E, W2)[0, 0]"),
    "dE_o1/dout_h1": ("", "grad(E_each[0], out_h)[0]"),
    "dE_o2/dout_h1": ("", "grad(E_each[1], out_h)[0]"),
    "dE/dout_h1": ("", "grad(E, out_h)[0]"),
    "dout_h1/dnet_h1": ("", "grad(out_h[0], net_h)[0]"),
    "dE/dw1": ("", "grad(E, W1)[0, 0]"),
    "dE/dw1..w8": ("", "concat(reshape(grad(E, W1), 4), reshape(grad(E, W2), 4))"),
    "dE/db1, dE/db2": ("", "stack(grad(E, b1), grad(E, b2))"),
    "w1+": ("step;", "W1[0, 0]"), "w2+": ("step;", "W1[0, 1]"),
    "w3+": ("step;", "W1[1, 0]"), "w4+": ("step;", "W1[1, 1]"),
    "w5+": ("step;", "W2[0, 0]"), "w6+": ("step;", "W2[0, 1]"),
    "w7+": ("step;", "W2[1, 0]"), "w8+": ("step;", "W2[1, 1]"),
    "E_total after the step": ("step;", "E"),
    "b1+, b2+ if the biases are trained too": ("unfreeze b1, b2\nstep;", "stack(b1, b2)"),
    "E_total then": ("unfreeze b1, b2\nstep;", "E"),
    "E_total, simultaneous update": ("step 10000;", "E"),
    "E_total, simultaneous update, 9999 steps": ("step 9999;", "E"),
    "outputs, simultaneous update": ("step 10000;", "out_o"),
    "E_total after 1 step": (
      """
      let d = delta_o
      let slope = out_h*(1 - out_h)
      step W2.g=outer(d, out_h);
      step W1.g=outer((W2.T @ d)*slope, i);
      """, "E"
    ),
  ]

  @Test func everyFigure() throws {
    let examples = try RecordedData.lines("worked.jsonl", as: Example.self)
    #expect(examples.count == 12)
    var held: [String] = []
    var facts: [String] = []
    for example in examples {
      for fact in example.facts {
        facts.append("\(example.id) \(fact.name)")
        let live: Interpreter
        let text: String
        if let objective = example.inputs.objective {
          live = try run(example.inputs, objective, to: fact.name)
          text = fact.name.hasPrefix("state") ? "w.s" : "w"
        } else if let figure = Self.figures[fact.name] {
          live = session(Self.network + "\n" + figure.before)
          text = figure.expression
        } else {
          continue
        }
        var parser = try Parser(Source(text))
        let value = try live.session.evaluate(parser.parseExpression()).elements
        let expected = fact.expected.elements
        let close = zip(value, expected).allSatisfy { a, b in
          abs(a - b) <= max((fact.rtol ?? 1e-12) * abs(b), 1e-300)
        }
        #expect(
          close && value.count == expected.count, "\(example.id) \(fact.name): \(value)")
        check(value, fact, example.id)
        held.append("\(example.id) \(fact.name)")
      }
    }
    // Ten thousand rounds of the update in place cannot be typed as one optimizer.
    let skipped = ["w005 E_total after 10000 steps", "w005 outputs after 10000 steps"]
    #expect(facts.count == 81)
    #expect(held == facts.filter { !skipped.contains($0) })
    #expect(Set(skipped).isSubset(of: facts))
  }

  /// The source's figure is ours rounded, unless the source is off.
  private func check(_ value: [Double], _ fact: Fact, _ id: String) {
    guard let printed = fact.printed else { return }
    let agrees = zip(printed.texts, value).allSatisfy { text, number in
      let decimals = text.split(separator: ".").last?.count ?? 0
      var unit = 1.0
      for _ in 0..<decimals { unit /= 10 }
      return abs((Double(text) ?? .nan) - number) <= unit / 2 * 1.000001
    }
    #expect(agrees == (fact.status == "agrees"), "\(id) \(fact.name): \(value) \(printed)")
  }

  private func run(_ inputs: Inputs, _ objective: String, to fact: String) throws -> Interpreter {
    let step = try #require(fact.split(separator: " ").last.flatMap { Int($0) })
    let rule = try #require(inputs.rule)
    var hyper = ["lr=\(inputs.eta)"]
    for (name, value) in [("beta", inputs.beta), ("gamma", inputs.gamma), ("eps", inputs.eps)] {
      if let value { hyper.append("\(name)=\(value)") }
    }
    // The state of each rule is called s here.
    var lines = rule.split(separator: ";").map { String($0) }
    var state = ""
    if lines.count > 1 {
      state = "state s = 0"
      lines = lines.map {
        $0.split(separator: " ").map { $0 == "v" ? "s" : $0 }.joined(separator: " ")
      }
      lines = lines.map {
        var line = $0
        while let place = line.range(of: "lr*v") { line.replaceSubrange(place, with: "lr*s") }
        while let place = line.range(of: "beta*v") { line.replaceSubrange(place, with: "beta*s") }
        return line
      }
    }
    var loss = objective
    for (old, new) in [("x0", "w[0]"), ("x1", "w[1]")] {
      while let place = loss.range(of: old) { loss.replaceSubrange(place, with: new) }
    }
    return session(
      "param w = \(try #require(inputs.start))",
      "rule r(\(hyper.joined(separator: ", "))) {\n\(state)\n\(lines.joined(separator: "\n"))\n}",
      "loss L = \(loss)", "optimizer r", "step \(step);")
  }
}
