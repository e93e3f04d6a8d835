// What Tab offers: Greek letters after a backslash, else what the declarations expect at that place.

import Diagnostics
import Engine
import Notation
import Optimizers
import Tensors

package struct CompletionList {
  package struct Candidate {
    package let text: String
    package let hint: String
  }
  /// Counted in Unicode scalars.
  package let replaceFrom: Int
  package let candidates: [Candidate]
}

package struct Completer {
  private let interpreter: Interpreter

  package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  /// - Parameter cursor: counted in Unicode scalars.
  package func complete(_ line: String, cursor: Int) -> CompletionList {
    let scalars = Array(line.unicodeScalars.prefix(cursor))
    if let greek = afterBackslash(scalars) { return greek }
    if let file = insideString(scalars) { return file }
    let start = wordStart(scalars)
    let prefix = text(scalars[start...])
    let before = text(scalars[..<start])
    let words = candidates(before: before, prefix: prefix)
    return CompletionList(replaceFrom: start, candidates: words)
  }

  // MARK: Where the cursor is

  private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  private func wordStart(_ scalars: [Unicode.Scalar]) -> Int {
    var start = scalars.count
    while start > 0, isWordScalar(scalars[start - 1]) { start -= 1 }
    return start
  }

  /// `\theta` gives θ; `m\hat` gives m_hat.
  private func afterBackslash(_ scalars: [Unicode.Scalar]) -> CompletionList? {
    let start = wordStart(scalars)
    guard start > 0, scalars[start - 1] == "\\" else { return nil }
    let prefix = text(scalars[start...])
    let from = start - 1
    var candidates: [CompletionList.Candidate] = []
    if from > 0, isWordScalar(scalars[from - 1]) {
      for accent in ["bar", "hat", "tilde"] where accent.hasPrefix(prefix) {
        candidates.append(.init(text: "_" + accent, hint: ""))
      }
      if !candidates.isEmpty { return CompletionList(replaceFrom: from, candidates: candidates) }
    }
    let names = GreekLetters.allNames.filter { $0.hasPrefix(prefix) }
    // The whole word typed is what is meant, though psi begins like nothing else and eta like none.
    for name in names.contains(prefix) ? [prefix] : names {
      guard let letter = GreekLetters.letter(named: name) else { continue }
      candidates.append(.init(text: String(Character(letter)), hint: name))
    }
    for (name, sign) in Completer.signs where name.hasPrefix(prefix) {
      candidates.append(.init(text: sign, hint: name))
    }
    return CompletionList(replaceFrom: from, candidates: candidates)
  }

  private static let signs = [
    ("cdot", "·"), ("geq", "≥"), ("leftarrow", "←"), ("leq", "≤"), ("nabla", "∇"), ("neq", "≠"),
    ("odot", "⊙"), ("sqrt", "√"),
  ]

  /// Inside quotes a file or a column is meant.
  private func insideString(_ scalars: [Unicode.Scalar]) -> CompletionList? {
    guard scalars.filter({ $0 == "\"" }).count % 2 == 1,
      let quote = scalars.lastIndex(of: "\"")
    else { return nil }
    let prefix = text(scalars[(quote + 1)...])
    let before = text(scalars[..<quote])
    let columns = columnNames(before).filter { $0.hasPrefix(prefix) }
    if !columns.isEmpty {
      return CompletionList(
        replaceFrom: quote + 1, candidates: columns.map { .init(text: $0, hint: "") })
    }
    return CompletionList(
      replaceFrom: quote + 1,
      candidates: FileAccess.completions(of: prefix).map { .init(text: $0, hint: "") })
  }

  private func columnNames(_ before: String) -> [String] {
    for (name, definition) in interpreter.session.problem.definitions {
      guard case .table(let table) = definition else { continue }
      if before.hasSuffix("\(name.canonical)[") || before.contains("columns(\(name.canonical)") {
        return table.columns.map(\.name)
      }
    }
    return []
  }

  // MARK: What may stand there

  private func candidates(before: String, prefix: String) -> [CompletionList.Candidate] {
    if let fields = fields(before) {
      return fields.filter { $0.hasPrefix(prefix) }.map { .init(text: $0, hint: "") }
    }
    let trimmed = before.drop { $0 == " " }
    let statement = trimmed.split(separator: ";", omittingEmptySubsequences: false).last ?? ""
    let head = statement.drop { $0 == " " }
    if head.isEmpty {
      return askerWords(prefix) + commandWords(prefix) + values(prefix)
    }
    let word = String(head.prefix { $0.isLetter || $0 == "_" })
    guard let command = interpreter.commands[word] else { return values(prefix) }
    return arguments(of: command, head: String(head.dropFirst(word.count)), prefix: prefix)
  }

  /// While a question is open its words come first.
  private func askerWords(_ prefix: String) -> [CompletionList.Candidate] {
    (interpreter.asking?.asker.words ?? []).filter { $0.rawValue.hasPrefix(prefix) }
      .map { .init(text: $0.rawValue, hint: $0.summary) }
  }

  private func commandWords(_ prefix: String) -> [CompletionList.Candidate] {
    let taken = Set((interpreter.asking?.asker.words ?? []).map(\.rawValue))
    return interpreter.commands.commands
      .filter { $0.name.hasPrefix(prefix) && !taken.contains($0.name) }
      .map { .init(text: $0.name, hint: $0.summary) }
  }

  /// After `w.` the step's names, after `d.` the columns, after `torch.` its optimizers.
  private func fields(_ before: String) -> [String]? {
    guard before.hasSuffix(".") else { return nil }
    let owner = String(
      before.dropLast().reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    let name = Name(spelling: owner)
    let session = interpreter.session
    let path = String(
      before.dropLast().reversed().prefix {
        $0.isLetter || $0.isNumber || $0 == "_" || $0 == "."
      }.reversed()
    ).split(separator: ".").map { Name(spelling: String($0)).canonical }
    if let part = session.problem.part(at: path) {
      if case .parameter = part { return session.stepNames + ["T"] }
      return session.problem.fields(of: path)
    }
    if case .table(let table) = session.problem.definitions[name] {
      let parts = session.split(of: name)?.parts.map(\.name.canonical) ?? []
      return parts + table.columns.map(\.name)
    }
    if case .bundle(let bundle) = session.problem.definitions[name] {
      return bundle.fields.map(\.name)
    }
    if let split = session.split(of: name) { return split.parts.map(\.name.canonical) + ["T"] }
    if session.problem.parameter(name) != nil { return session.stepNames + ["T"] }
    let library = RuleLibrary.names.filter { $0.hasPrefix(owner + ".") }
    return library.map { String($0.dropFirst(owner.count + 1)) }
  }

  private func arguments(of command: Command, head: String, prefix: String)
    -> [CompletionList.Candidate]
  {
    switch command.name {
    case "help":
      let topics =
        ["functions", "names", "optimizers"] + ModelHelp.topics + interpreter.commands.words
        + Function.catalogue.map(\.name) + RuleLibrary.names
      return unique(topics, prefix)
    case "set" where !head.dropFirst().contains(" "):
      return unique(["ascii", "digits", "precision", "seed"], prefix)
    case "optimizer", "compare":
      if let inside = insideCall(head) { return hyperparameters(of: inside, prefix) }
      return rules(prefix)
    case "quiz":
      if let inside = insideCall(head) { return hyperparameters(of: inside, prefix) }
      return head.dropFirst().contains(" ") ? unique(["seed=", "to"], prefix) : rules(prefix)
    case "plot" where ["path", "compare"].contains { head.hasPrefix(" \($0) ") }:
      if let inside = insideCall(head) { return hyperparameters(of: inside, prefix) }
      return rules(prefix) + words(of: command, prefix) + values(prefix)
    case "model":
      if let inside = insideCall(head), let layer = LayerKind.named(inside) {
        let labels = layer.function.parameters.map { $0.name + "=" }
        let starts = layer.takesInitialisers ? ["init=", "bias_init="] : []
        return unique(labels + starts + InitialiserKind.catalogue.map(\.name), prefix)
      }
      return unique(
        LayerKind.catalogue.map(\.name) + Function.activationNames + ["skip"]
          + interpreter.session.problem.models.map(\.name.canonical), prefix)
    case "freeze", "unfreeze":
      let problem = interpreter.session.problem
      return unique(
        problem.parameters.map(\.path) + problem.models.map(\.name.canonical), prefix)
    case "show":
      return values(prefix) + rules(prefix)
    default:
      return words(of: command, prefix) + values(prefix)
    }
  }

  /// The words that a command's grammar has.
  private func words(of command: Command, _ prefix: String) -> [CompletionList.Candidate] {
    unique(command.forms.flatMap { $0.flatMap(\.words) }, prefix)
  }

  private func rules(_ prefix: String) -> [CompletionList.Candidate] {
    let names =
      RuleLibrary.names + interpreter.session.problem.rules.keys
      + RuleLibrary.aliases.keys
    var plain = names.filter { !$0.contains(".") }
    // Libraries' calls come in two bites: `torch.` and then the name.
    plain += Set(names.filter { $0.contains(".") }.map { $0.prefix { $0 != "." } + "." })
    return unique(plain, prefix)
  }

  /// The callee of the call the cursor is in: `adam(lr=0.1, ` → adam.
  private func insideCall(_ head: String) -> String? {
    var depth = 0
    var rest = Substring(head)
    while let last = rest.popLast() {
      if last == ")" { depth += 1 }
      if last == "(" {
        if depth == 0 {
          let name = rest.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
          return name.isEmpty ? nil : String(name.reversed())
        }
        depth -= 1
      }
    }
    return nil
  }

  private func hyperparameters(of name: String, _ prefix: String) -> [CompletionList.Candidate] {
    guard let rule = try? interpreter.session.rule(named: name) else { return values(prefix) }
    let names = rule.declaration.parameters.map { $0.name.canonical + "=" }
    return unique(names, prefix) + values(prefix)
  }

  /// Names and functions of formulas.
  private func values(_ prefix: String) -> [CompletionList.Candidate] {
    guard !prefix.isEmpty else { return [] }
    let session = interpreter.session
    let names = session.problem.knownNames + session.stepNames
    return unique(names + Function.catalogue.map(\.name), prefix)
  }

  private func unique(_ words: [String], _ prefix: String) -> [CompletionList.Candidate] {
    Set(words).filter { $0.hasPrefix(prefix) }.sorted().map { .init(text: $0, hint: "") }
  }
}

extension Syntax {
  /// The fixed words in it.
  var words: [String] {
    switch self {
    case .word(let word): [word]
    case .choice(_, let words): words
    case .optional(let pieces): pieces.flatMap(\.words)
    case .either(let branches), .anyOrder(let branches): branches.flatMap { $0.flatMap(\.words) }
    default: []
    }
  }
}
