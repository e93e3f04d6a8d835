// Mistakes about which quantity is meant: the old one for the new, the gradient for its average, one
// average for the other.

import Notation

extension Mistake {
  /// An accumulator of squares, or whatever is divided by.
  static let oldAccumulator = Mistake("old-accumulator", "the accumulator of before") { line in
    line.oldValues { name, isBelow in
      line.rule.states.contains(name) && (isBelow || line.rule.gathersSquares(name))
    }
  }

  static let oldMoment = Mistake("old-moment", "the moment of before", habit: "") { line in
    line.oldValues { name, isBelow in
      line.rule.states.contains(name) && !isBelow && !line.rule.gathersSquares(name)
    }
  }

  static let oldGradient = Mistake("old-gradient", "the gradient of before", doubt: .choice) {
    line in
    line.oldValues { name, _ in name.canonical == "g" || name == line.rule.parameter }
  }

  /// Lion reads its momentum before the line that replaces it.
  static let newForOld = Mistake("new-for-old", "the new moment for the old", doubt: .odd) { line in
    let rule = line.rule
    return line.value.names.compactMap { name in
      guard rule.states.contains(name), name != line.name,
        rule.line(of: name, before: line.index) == nil,
        let later = rule.firstLine(of: name), later > line.index
      else { return nil }
      let between = rule.lines[line.index..<later].map(\.name)
      let update = rule.lines[later].value
      guard !update.names.contains(where: { between.contains($0) }) else { return nil }
      return Change(
        line.value.replacing(name, by: update),
        "the new \(name.pretty) is taken, not that of before the step")
    }
  }

  /// The step is the gradient's, and the moment that was kept for it serves nothing.
  static let unusedState = Mistake("unused-state", "a state never used") { line in
    line.gradientsTaken { name in
      guard let state = line.state(behind: name) else { return false }
      return !line.rule.lines.indices.contains { place in
        let other = line.rule.lines[place]
        return place != line.index && other.name != state && other.name != name
          && (other.value.names.contains(state) || other.value.names.contains(name))
      }
    } says: {
      "\($0.pretty) is worked out but never used, the gradient itself is taken"
    } + line.sourcesTaken()
  }

  /// m̂ and v̂ each in the other's place.
  static let momentsSwapped = Mistake("moments-swapped", "two averages in each other's place") {
    line in
    let used = line.value.names.filter {
      line.rule.states.contains($0) && $0 != line.name
        || line.rule.corrected($0, before: line.index) != nil
    }
    var found: [Change] = []
    for (place, first) in used.enumerated() {
      for second in used[(place + 1)...] {
        let swapped = line.value.replacing { part in
          if part.name == first { return .of(second) }
          return part.name == second ? .of(first) : nil
        }
        found.append(
          Change(swapped, "\(first.pretty) and \(second.pretty) stand in each other's place"))
      }
    }
    return found
  }

  static let momentForGradient = Mistake(
    "moment-for-gradient", "an average for the gradient", doubt: .choice
  ) { line in
    let g = Name(canonical: "g")
    guard !line.isState, line.value.names.contains(g) else { return [] }
    let averages = line.rule.states.sorted().filter {
      $0 != line.name && line.rule.line(of: $0, before: line.index) != nil
    }
    return averages.map {
      Change(line.value.replacing(g, by: .of($0)), "\($0.pretty) is taken for the gradient")
    }
  }

  /// m = β₂m + (1 - β₂)c, where c is what the step is made of: an average, or what signs are taken of.
  static let intermediateForGradient = Mistake(
    "intermediate-for-gradient", "what comes of the gradient for the gradient", doubt: .choice
  ) { line in
    let g = Name(canonical: "g")
    guard line.isState, line.value.names.contains(g) else { return [] }
    return line.rule.lines.indices.filter {
      line.rule.comesOfGradient($0, before: line.index) && line.rule.lines[$0].name != line.name
    }.flatMap { place -> [Change] in
      let other = line.rule.lines[place]
      var sources = [Expression.of(other.name)]
      _ = other.value.contains { part in
        if let call = part.plainCall, call.function == "sign", call.arguments.count == 1 {
          sources.append(call.arguments[0])
        }
        return false
      }
      return sources.map { source in
        Change(
          line.value.replacing(g, by: source), "\(source.shown) is taken for the gradient")
      }
    }
  }

  /// g² in an average of squared steps.
  static let gradientForIntermediate = Mistake(
    "gradient-for-intermediate", "the gradient for what comes of it", doubt: .choice
  ) { line in
    let g = Expression.of(Name(canonical: "g"))
    return line.value.names.compactMap { name in
      guard !line.rule.states.contains(name), name.canonical != "g",
        let place = line.rule.line(of: name, before: line.index),
        line.rule.comesOfGradient(place, before: line.index),
        line.rule.corrected(name, before: line.index) == nil
      else { return nil }
      return Change(
        line.value.replacing(name, by: g), "the gradient is taken for \(name.pretty)")
    }
  }

  /// max(v_old, v) for max(v_max, v): a state goes on from what another one was.
  static let otherStateBefore = Mistake(
    "other-moment", "another state of before", doubt: .choice
  ) { line in
    let rule = line.rule
    guard line.isState, line.value.names.contains(line.name) else { return [] }
    return rule.states.sorted().filter {
      $0 != line.name && line.value.names.contains($0)
        && rule.line(of: $0, before: line.index) != nil
    }.map { other in
      Change(
        line.value.replacing(line.name, by: .of(RuleLines.oldName(of: other))),
        "\(other.pretty) as it was before the step is taken for \(line.name.pretty)")
    }
  }

  /// w - lr·grad(y) for y - lr·grad(y).
  static let stepFromParameter = Mistake(
    "parameter-for-lookahead", "the step from the parameter", doubt: .odd
  ) { line in
    let rule = line.rule
    guard let at = line.value.pointOfGradient, at != rule.parameter else { return [] }
    return line.changes { site in
      guard site.part.name == at, !site.isLookahead else { return [] }
      return [
        (
          .of(rule.parameter),
          "the step is taken from \(rule.parameter.pretty), not from \(at.pretty)"
        )
      ]
    }
  }

  static let gradientForMoment = Mistake(
    "gradient-for-moment", "the gradient for its average", doubt: .choice
  ) { line in
    line.gradientsTaken {
      line.state(behind: $0) != nil
    } says: {
      "the gradient is taken for \($0.pretty)"
    }
  }

  static let otherMoment = Mistake("other-moment", "m for v", doubt: .choice) { line in
    let rule = line.rule
    let corrected = rule.lines.indices.filter { $0 < line.index }.map { rule.lines[$0].name }
      .filter { rule.corrected($0, before: line.index) != nil }
    var found: [Change] = []
    for family in [rule.states.sorted(), corrected] {
      for right in family where line.value.names.contains(right) {
        for wrong in family where wrong != right {
          found.append(
            Change(
              line.value.replacing(right, by: .of(wrong)),
              "\(wrong.pretty) is taken for \(right.pretty)"))
        }
      }
    }
    return found
  }
}

extension LineContext {
  /// The state that a name is, or is the correction of.
  fileprivate func state(behind name: Name) -> Name? {
    rule.states.contains(name) && rule.line(of: name, before: index) != nil
      ? name : rule.corrected(name, before: index)
  }

  /// v for the largest v so far, which then serves nothing.
  fileprivate func sourcesTaken() -> [Change] {
    value.names.flatMap { name -> [Change] in
      guard rule.states.contains(name), name != self.name,
        let place = rule.line(of: name, before: index),
        !rule.lines.indices.contains(where: {
          $0 != index && rule.lines[$0].name != name && rule.lines[$0].value.names.contains(name)
        })
      else { return [] }
      return rule.lines[place].value.names.filter { rule.states.contains($0) && $0 != name }.map {
        Change(
          value.replacing(name, by: .of($0)),
          "\(name.pretty) is worked out but never used, \($0.pretty) is taken")
      }
    }
  }

  /// Names read after their line, as they were before it.
  fileprivate func oldValues(_ isMeant: (Name, _ isBelow: Bool) -> Bool) -> [Change] {
    value.names.compactMap { name in
      guard rule.givenNames.contains(name), name != self.name || !isState,
        rule.line(of: name, before: index) != nil,
        let first = sites.first(where: { $0.part.name == name }), isMeant(name, first.isBelow)
      else { return nil }
      return Change(
        value.replacing(name, by: .of(RuleLines.oldName(of: name))),
        name.canonical == "g"
          ? "g is taken as it was before it was changed"
          : "\(name.pretty) is taken as it was before the step")
    }
  }

  /// The gradient in the place of a moment; its square in the place of an average of squares.
  fileprivate func gradientsTaken(_ isMeant: (Name) -> Bool, says: (Name) -> String) -> [Change] {
    guard !isState else { return [] }
    let g = Expression.of(Name(canonical: "g"))
    return value.names.compactMap { name in
      guard isMeant(name), let state = state(behind: name), !value.names.contains(name: "grad")
      else {
        return nil
      }
      if let fresh = freshPart(of: state) {
        return Change(value.replacing(name, by: fresh), says(name))
      }
      let squares = rule.gathersSquares(state)
      return Change(
        value.replacing(name, by: squares ? .of(.power, g, .number(2)) : g),
        squares ? "the squared gradient is taken for \(name.pretty)" : says(name))
    }
  }

  /// What a velocity gains in a step, lr·g, where it holds the learning rate.
  private func freshPart(of state: Name) -> Expression? {
    guard let place = rule.line(of: state, before: index) else { return nil }
    let terms = TermList(rule.lines[place].value).terms
    let fresh = terms.filter { !$0.value.names.contains(state) }
    guard fresh.count < terms.count,
      fresh.contains(where: { $0.value.names.contains { role($0) == .learningRate } })
    else { return nil }
    return .sum(fresh)
  }
}

extension [Name] {
  fileprivate func contains(name: String) -> Bool { contains(Name(canonical: name)) }
}

extension RuleLines {
  /// Whether a line before comes of the gradient, and is not the parameter's or the gradient's own.
  func comesOfGradient(_ place: Int, before end: Int) -> Bool {
    place < end && lines[place].name.canonical != "g" && moved.contains(lines[place].name)
  }
}

extension Expression {
  /// y, of grad(y).
  fileprivate var pointOfGradient: Name? {
    var found: Name?
    _ = contains { part in
      if let call = part.plainCall, call.function == "grad", call.arguments.count == 1 {
        found = call.arguments[0].name
      }
      return false
    }
    return found
  }
}
