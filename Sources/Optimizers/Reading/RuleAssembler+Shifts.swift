// A definition that is printed for one step and read at the next: m̂_k = m_k/(1 - β^k) beside θ_{k+1}
// with m̂_{k+1}. It holds for every k, so it is put where it is read.
//
// Only what is worked out from other variables, all of them there by then; a state's own line and a
// gradient stay where they were written.

import Diagnostics
import Notation

extension RuleAssembler {
  /// μ_t and μ_{t+1} of a schedule μ that t alone makes, or its own value before: the value one step ahead
  /// is a variable of its own, with the schedule's line for t + 1 where the text has none.
  func splitSteps() {
    let assigned = Set(lines.map(\.key))
    for key in assigned.sorted() {
      let own = lines.indices.filter { lines[$0].key == key }.compactMap { place -> (Int, Int)? in
        if case .step(let step) = lines[place].time { (step, place) } else { nil }
      }.sorted { $0.0 < $1.0 }
      let mine = lines.filter { $0.key == key }
      guard own.count == mine.count, let (written, place) = own.first, own.count <= 2,
        own.count == 1 || own[1].0 == written + 1,
        mine.allSatisfy({ line in
          // A momentum of gradients is none: those of later steps are not there.
          !line.value.usesGradient
            && !line.value.references.contains { reference, _ in
              guard reference.key != key else { return false }
              if case .step = reference.time { return true }
              return assigned.contains(reference.key) || gradientKeys.contains(reference.key)
            }
        })
      else { continue }
      // λ_t = (1 + √(1 + 4 λ_{t-1}²))/2
      let itself = mine.flatMap { $0.value.references }.filter { $0.0.key == key }
      let isSchedule =
        itself.isEmpty
        ? mine[0].value.contains { $0.isCounter }
        : own.count == 1 && itself.allSatisfy { $0.0.time == .step(written - 1) }
      guard isSchedule else { continue }
      let isAhead = lines.contains { line in
        line.value.references.contains { $0.0 == Reference(key, .step(written + 1)) }
      }
      guard isAhead || own.count == 2 else { continue }
      // Nothing reads η_t beside η_{t+1}: the line is the one for the next step.
      let isReadHere = lines.contains { line in
        line.key != key
          && line.value.references.contains { $0.0.key == key && $0.0.time != .step(written + 1) }
      }
      if !itself.isEmpty, !isReadHere {
        lines[place] = shifted(lines[place], by: 1)
        continue
      }
      var label = translator.keys[key]
      label.labels.append("next")
      let next = translator.number(of: label)
      if own.count == 2 {
        lines[own[1].1].key = next
        lines[own[1].1].time = .step(written)
      } else {
        var line = shifted(lines[place], by: 1)
        line.key = next
        line.time = .step(written)
        lines.insert(line, at: place + 1)
      }
      for place in lines.indices {
        lines[place].value =
          (try? lines[place].value.mapped { part in
            guard case .name(let name) = part.kind,
              Reference(name) == Reference(key, .step(written + 1))
            else { return nil }
            return Build.name(Reference(next, .step(written)).name, part.span)
          }) ?? lines[place].value
      }
    }
  }

  func shiftDefinitions() {
    for key in Set(lines.map(\.key)).sorted() {
      let own = lines.indices.filter { lines[$0].key == key }
      guard own.count == 1, let written = now[key], lines[own[0]].time == .step(written) else {
        continue
      }
      let line = lines[own[0]]
      let read = lines.indices.filter { $0 != own[0] }.flatMap { lines[$0].value.references }
        .compactMap { reference, _ -> Int? in
          if reference.key == key, case .step(let step) = reference.time { step } else { nil }
        }
      guard let newest = read.max(), newest > written, canShift(line, by: newest - written)
      else { continue }
      lines[own[0]] = shifted(line, by: newest - written)
      now[key] = newest
      note(
        .convention,
        "\(pretty(key)) is defined for every step, and read at the newest", line.span)
    }
  }

  private func canShift(_ line: TranslatedLine, by steps: Int) -> Bool {
    guard !line.value.usesGradient else { return false }
    var moves = false
    for (reference, _) in line.value.references {
      if reference.key == line.key { return false }
      guard let newest = now[reference.key] else { continue }
      guard case .step(let step) = reference.time, step + steps <= newest else { return false }
      moves = true
    }
    return moves
  }

  private func shifted(_ line: TranslatedLine, by steps: Int) -> TranslatedLine {
    var result = line
    if case .step(let step) = line.time { result.time = .step(step + steps) }
    result.value = line.value.shifted(by: steps)
    return result
  }
}

extension Expression {
  var isCounter: Bool {
    if case .name(counterName) = kind { true } else { false }
  }

  /// The same so many steps later.
  func shifted(by steps: Int) -> Expression {
    let result = try? mapped { part in
      guard case .name(let name) = part.kind else { return nil }
      if name == counterName { return Build.binary(.add, part, Build.number(steps, part.span)) }
      guard let reference = Reference(name), case .step(let step) = reference.time else {
        return nil
      }
      return Build.name(Reference(reference.key, .step(step + steps)).name, part.span)
    }
    return result ?? self
  }
}
