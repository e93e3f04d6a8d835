// A rule as Python: a function for NumPy, or an optimizer class for PyTorch.
//
// The lines are the rule's own, in the same order and the same operations, so that the numbers are the
// same up to rounding. What Python has no counterpart for is an error, never left out.

import Diagnostics

package struct PythonPrinter {
  package enum Library: Sendable { case numpy, torch }

  private let rule: RuleDeclaration
  let library: Library
  var prefix: String { library == .numpy ? "np" : "torch" }

  /// The program.
  /// - Throws: a part of the rule that has no counterpart.
  package static func text(_ rule: RuleDeclaration, _ library: Library) throws(Diagnostic) -> String
  {
    try PythonPrinter(rule: rule, library: library).program()
  }

  private func program() throws(Diagnostic) -> String {
    try library == .numpy ? numpy() : torch()
  }

  // MARK: Frames

  private var states: [RuleStatement.Line] {
    rule.body.compactMap { if case .state(let line) = $0 { line } else { nil } }
  }

  private var functionName: String {
    rule.path.map { word($0.canonical) }.joined(separator: "_")
  }

  private func defaults() throws(Diagnostic) -> [String] {
    try rule.parameters.map { (parameter) throws(Diagnostic) -> String in
      let name = word(parameter.name.canonical)
      guard let value = parameter.defaultValue else { return name }
      return name + "=" + (try text(value))
    }.sorted { !$0.contains("=") && $1.contains("=") }
  }

  private func body(indent: String) throws(Diagnostic) -> [String] {
    try lines(rule.body, indent: indent)
  }

  private func lines(_ statements: [RuleStatement], indent: String) throws(Diagnostic) -> [String] {
    var result: [String] = []
    for statement in statements {
      switch statement {
      case .state: break
      case .let(let line), .assign(let line):
        result.append(indent + name(line.name) + " = " + (try text(line.value)))
      case .repeat(let count, let inner):
        result.append(indent + "for _ in range(int(" + (try text(count)) + ")):")
        result += try lines(inner, indent: indent + "    ")
      case .when:
        throw Diagnostic(
          "python.when", "rule \(rule.name) has a when block, which is settled when it is chosen",
          at: rule.nameSpan, help: "show \(rule.name) prints its lines")
      }
    }
    return result
  }

  private func start(_ line: RuleStatement.Line) throws(Diagnostic) -> String {
    let value = try text(line.value)
    // A number is spread over the parameter's shape; a scalar state broadcasts all the same.
    if case .number = line.value.kind {
      return value == "0" ? "\(prefix).zeros_like(w)" : "\(prefix).full_like(w, \(value))"
    }
    return library == .numpy ? "\(value) + 0*w" : "(\(value)) + 0*w"
  }

  private func numpy() throws(Diagnostic) -> String {
    let asked = asked(rule.body)
    // A rule that asks for the loss may have the gradient at w given.
    let needsGradient = asked.contains("grad")
    let functions = asked.filter { $0 != "grad" }
    var text = "import numpy as np\n\n\n"
    let arguments =
      ["w", needsGradient ? "grad" : "g"] + functions + ["state=None"] + (try defaults())
    // Arguments with a default come last.
    let plain = arguments.filter { !$0.contains("=") }
    let rest = arguments.filter { $0.contains("=") }
    text += "def \(functionName)(" + (plain + rest).joined(separator: ", ") + "):\n"
    let asks = asked.map { "; " + (PythonPrinter.meanings[$0] ?? $0) + " at a point" }.joined()
    text += "    \"\"\"One update of w\(needsGradient ? "" : " by its gradient g")\(asks)."
    text += " Returns the new w and the state.\"\"\"\n"
    var fields = ["\"t\": 0"]
    for line in states {
      fields.append("\"\(name(line.name))\": " + (try start(line)))
    }
    text += "    if state is None:\n        state = {" + fields.joined(separator: ", ") + "}\n"
    text += "    t = state[\"t\"] + 1\n"
    for line in states { text += "    \(name(line.name)) = state[\"\(name(line.name))\"]\n" }
    if needsGradient, usesPlainGradient(rule.body) { text += "    g = grad(w)\n" }
    text += try body(indent: "    ").joined(separator: "\n") + "\n"
    let kept = ["\"t\": t"] + states.map { "\"\(name($0.name))\": \(name($0.name))" }
    return text + "    return w, {" + kept.joined(separator: ", ") + "}\n"
  }

  private func torch() throws(Diagnostic) -> String {
    if let first = asked(rule.body).first {
      let what =
        first == "grad"
        ? "the gradient at another point" : first == "loss" ? "the loss" : "second derivatives"
      throw Diagnostic(
        "python.gradient",
        "rule \(rule.name) asks for \(what), which a PyTorch optimizer is not given",
        at: rule.nameSpan, help: "show \(rule.name) as python takes it as a function")
    }
    let names = rule.parameters.map { word($0.name.canonical) }
    let className = rule.path.map { capitalised(word($0.canonical)) }.joined()
    var text = "import torch\n\n\nclass \(className)(torch.optim.Optimizer):\n"
    text +=
      "    def __init__(" + (["self", "params"] + (try defaults())).joined(separator: ", ") + "):\n"
    text +=
      "        super().__init__(params, dict("
      + names.map { "\($0)=\($0)" }.joined(separator: ", ") + "))\n\n"
    text += "    @torch.no_grad()\n    def step(self, closure=None):\n"
    text += "        loss = None\n        if closure is not None:\n"
    text += "            with torch.enable_grad():\n                loss = closure()\n"
    text += "        for group in self.param_groups:\n"
    for name in names { text += "            \(name) = group[\"\(name)\"]\n" }
    text += "            for p in group[\"params\"]:\n                if p.grad is None:\n"
    text +=
      "                    continue\n                w, g, state = p.detach().clone(), p.grad, self.state[p]\n"
    text += "                if not state:\n                    state[\"t\"] = 0\n"
    for line in states {
      text += "                    state[\"\(name(line.name))\"] = " + (try start(line)) + "\n"
    }
    text += "                state[\"t\"] += 1\n                t = state[\"t\"]\n"
    for line in states {
      text += "                \(name(line.name)) = state[\"\(name(line.name))\"]\n"
    }
    text += try body(indent: "                ").joined(separator: "\n") + "\n"
    for line in states {
      text += "                state[\"\(name(line.name))\"] = \(name(line.name))\n"
    }
    return text + "                p.copy_(w)\n        return loss\n"
  }

  private func capitalised(_ text: String) -> String {
    text.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  // MARK: Names

  private static let keywords: Set<String> = [
    "lambda", "in", "is", "not", "and", "or", "if", "else", "for", "while", "def", "class", "pass",
    "return", "with", "as", "from", "import", "global", "del", "try", "raise", "None", "True",
    "False", "state", "loss", "group", "p", "np", "torch", "self", "params",
  ]

  private func word(_ canonical: String) -> String {
    PythonPrinter.keywords.contains(canonical) ? canonical + "_" : canonical
  }

  func name(_ name: Name) -> String {
    switch name.canonical {
    case "theta": "w"
    case "pi": library == .numpy ? "np.pi" : "torch.pi"
    case "inf": library == .numpy ? "np.inf" : "torch.inf"
    case "true": "True"
    case "false": "False"
    case "none": "None"
    default: word(name.canonical)
    }
  }

  private static let meanings = [
    "grad": "grad(at) is the gradient", "loss": "loss(at) is the loss",
    "hessian": "hessian(at) is the matrix of second derivatives",
  ]

  /// What the rule asks of the problem beside the gradient at w.
  private func asked(_ statements: [RuleStatement]) -> [String] {
    let called = Set(calls(statements).map(\.canonical))
    return ["grad", "loss", "hessian"].filter { called.contains($0) }
  }

  private func usesPlainGradient(_ statements: [RuleStatement]) -> Bool {
    values(statements).contains { $0.names.contains(Name(canonical: "g")) }
  }

  private func calls(_ statements: [RuleStatement]) -> [Name] {
    values(statements).flatMap(\.calledNames)
  }

  private func values(_ statements: [RuleStatement]) -> [Expression] {
    statements.flatMap { statement -> [Expression] in
      switch statement {
      case .let(let line), .state(let line), .assign(let line): [line.value]
      case .when(let branches, let otherwise):
        branches.flatMap { [$0.condition] + values($0.body) } + values(otherwise)
      case .repeat(let count, let inner): [count] + values(inner)
      }
    }
  }
}
