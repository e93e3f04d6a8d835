// A line with its final names: every variable at its step, gradients as g or grad(…).

import Diagnostics
import Notation

extension Emission {
  mutating func finished(_ value: Expression, in line: TranslatedLine) throws(Diagnostic)
    -> Expression
  {
    switch value.kind {
    case .name(let name): return try finished(name, value.span, in: line)
    case .binary(let operation, let left, let right):
      if operation == .add || operation == .subtract, let folded = foldedCounter(value) {
        return folded
      }
      return Expression(
        .binary(operation, try finished(left, in: line), try finished(right, in: line)), value.span)
    case .unary(let operation, let operand):
      return Expression(.unary(operation, try finished(operand, in: line)), value.span)
    case .call(let callee, let arguments):
      if callee.path.first?.canonical == "grad", arguments.count == 1 {
        return try gradient(arguments[0].value, value.span, in: line)
      }
      if arguments.isEmpty, ["hessian", "size"].contains(callee.path.first?.canonical ?? "") {
        let parameter = Build.name(name(assembler.parameter), value.span)
        return Expression(.call(callee, [Expression.Argument(value: parameter)]), value.span)
      }
      var finishedArguments: [Expression.Argument] = []
      for var argument in arguments {
        argument.value = try finished(argument.value, in: line)
        finishedArguments.append(argument)
      }
      return Expression(.call(callee, finishedArguments), value.span)
    default: return value
    }
  }

  /// The step's letter plus a number: Descent's t counts from 1.
  func foldedCounter(_ value: Expression) -> Expression? {
    guard let offset = counterOffset(value) else { return nil }
    return counter(offset, value.span)
  }

  func counterOffset(_ value: Expression) -> Int? {
    switch value.kind {
    case .name(let name): return name == counterName ? 0 : nil
    case .number: return nil
    case .binary(let operation, let left, let right):
      if let offset = counterOffset(left), let number = whole(right) {
        return operation == .add ? offset + number : operation == .subtract ? offset - number : nil
      }
      if operation == .add, let number = whole(left), let offset = counterOffset(right) {
        return offset + number
      }
      return nil
    default: return nil
    }
  }

  func whole(_ value: Expression) -> Int? {
    if case .number(let number, _) = value.kind { return Int(exactly: number) }
    return nil
  }

  func counter(_ offset: Int, _ span: Span) -> Expression {
    let shift = assembler.first - 1 + offset
    let t = Build.name("t", span)
    if shift == 0 { return t }
    return Expression(
      .binary(shift > 0 ? .add : .subtract, t, Build.number(abs(shift), span)), span)
  }

  mutating func finished(_ name: Name, _ span: Span, in line: TranslatedLine)
    throws(Diagnostic) -> Expression
  {
    if name == counterName { return counter(0, span) }
    if name == gradientName { return Build.name("g", span) }
    guard let reference = Reference(name) else { return Build.name(name, span) }
    if assembler.gradientKeys.contains(reference.key) {
      return try gradientSymbol(reference, span, in: line)
    }
    guard assigned.contains(reference.key) else {
      return Build.name(try hyperName(reference, span, &hyper), span)
    }
    let plain = Build.name(self.name(reference.key), span)
    switch try assembler.age(reference, span) {
    case .now:
      guard done.contains(reference.key) else {
        throw .reading(
          "not-yet", "\(assembler.pretty(reference.key)) of this step is read before it is there",
          span,
          help: "on the right, a state stands one step before")
      }
      return plain
    case .current:
      guard done.contains(reference.key) || states.contains(reference.key) else {
        throw .reading(
          "not-yet", "\(assembler.pretty(reference.key)) is read before it is there", span)
      }
      return plain
    case .before:
      if !states.contains(reference.key), let formula = shiftable(reference.key) {
        return try finished(try shifted(formula), in: line)
      }
      if done.contains(reference.key) {
        guard let copy = copies[reference.key] else {
          throw .reading(
            "not-kept", "the old value of \(assembler.pretty(reference.key)) is not kept", span)
        }
        return Build.name(copy, span)
      }
      return plain
    case .beforeThat:
      guard let older = older[reference.key] else {
        throw .reading(
          "not-kept", "the older value of \(assembler.pretty(reference.key)) is not kept", span)
      }
      return Build.name(older, span)
    }
  }

  /// A formula with every variable one step earlier.
  func shifted(_ value: Expression) throws(Diagnostic) -> Expression {
    let assigned = self.assigned
    return try value.mapped { part in
      guard case .name(let name) = part.kind, let reference = Reference(name),
        assigned.contains(reference.key), case .step(let step) = reference.time
      else { return nil }
      return Build.name(Reference(reference.key, .step(step - 1)).name, part.span)
    }
  }

  // MARK: Gradients

  mutating func gradientSymbol(
    _ reference: Reference, _ span: Span, in line: TranslatedLine
  )
    throws(Diagnostic) -> Expression
  {
    if case .step(let step) = reference.time {
      let newest = newestGradient(reference.key)
      if newest - step == 1 {
        if oldGradient == nil {
          let name = assembler.names.take("g_prev")
          oldGradient = name
          draft.states.append((name, Build.number(0, span), span))
          assembler.note(.convention, "the gradient before the first step is taken to be 0", span)
        }
        return Build.name(oldGradient ?? Name(canonical: "g"), span)
      }
      guard newest == step else {
        throw .reading("old-index", "a gradient more than one step old", span)
      }
    }
    return Build.name("g", span)
  }

  func newestGradient(_ key: Int) -> Int {
    var newest = Int.min
    for line in ordered {
      for (reference, _) in line.value.references where reference.key == key {
        if case .step(let step) = reference.time { newest = max(newest, step) }
      }
    }
    if let alias = assembler.aliases[key], case .step(let step) = alias.time {
      newest = max(newest, step)
    }
    return newest
  }

  /// ∇f at a point: g at the parameter's old value, grad(…) elsewhere.
  mutating func gradient(_ at: Expression, _ span: Span, in line: TranslatedLine)
    throws(Diagnostic) -> Expression
  {
    if case .name(let name) = at.kind, let reference = Reference(name) {
      if reference.key == assembler.parameter {
        switch try assembler.age(reference, at.span) {
        case .before: return Build.name("g", span)
        case .current where !done.contains(reference.key): return Build.name("g", span)
        case .now where !done.contains(reference.key):
          throw .reading(
            "implicit",
            "the gradient at the new \(assembler.pretty(reference.key)), which it makes",
            at.span, help: "take it one step before")
        default: break
        }
      } else if !assigned.contains(reference.key), !assembler.gradientKeys.contains(reference.key) {
        // ∇f(x) with x in no line: the parameter under another name.
        throw .reading(
          "point", "the gradient is taken at \(at.span.text), which no line defines", at.span)
      }
    }
    let isDefined = at.references.contains { reference, _ in
      assigned.contains(reference.key) || assembler.gradientKeys.contains(reference.key)
    }
    guard isDefined || at.usesGradient else {
      throw .reading(
        "point", "the gradient is taken at \(at.span.text), which no line defines", at.span)
    }
    return Build.call("grad", [try finished(at, in: line)], span)
  }

  // MARK: Hyperparameters

  func hyperName(_ reference: Reference, _ span: Span, _ met: inout [Name: Int])
    throws(Diagnostic) -> Name
  {
    let key = assembler.keys[reference.key]
    try assembler.checkHyper(key, reference, span)
    let name = self.name(reference.key)
    met[name] = reference.key
    return name
  }
}
