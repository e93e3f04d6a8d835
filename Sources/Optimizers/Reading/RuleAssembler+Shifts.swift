// A definition that is printed for one step and read at the next: m̂_k = m_k/(1 - β^k) beside θ_{k+1}
// with m̂_{k+1}. It holds for every k, so it is put where it is read.
//
// Only what is worked out from other variables, all of them there by then; a state's own line and a
// gradient stay where they were written.

import Diagnostics
import Notation

extension RuleAssembler {
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
    result.value =
      (try? line.value.mapped { part in
        guard case .name(let name) = part.kind else { return nil }
        if name == counterName {
          return Build.binary(.add, part, Build.number(steps, part.span))
        }
        guard let reference = Reference(name), case .step(let step) = reference.time else {
          return nil
        }
        return Build.name(Reference(reference.key, .step(step + steps)).name, part.span)
      }) ?? line.value
    return result
  }
}
