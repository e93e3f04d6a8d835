// Everything numeric that a step changes, at one moment.
//
// A snapshot together with the session's statements determines all that follows, bit for bit, which
// is what makes going back in time exact. Definitions are not in it: going back never changes them.

import Diagnostics
import Tensors

/// The numbers of a session: parameters, optimizer state, counters, buffers, by path (`w`, `w.m`,
/// `w.t`, `f.1.running_mean`).
package struct Snapshot: Sendable, Equatable {
  package var values: [String: Tensor] = [:]
  /// Which optimizer a parameter's state belongs to. A state found under another optimizer's key is
  /// not used: that optimizer starts afresh.
  package var owners: [String: String] = [:]
  /// What stands still, stays 0, is bounded or rounded.
  package var modes = Modes()
  /// For each pruned parameter 1 where an element may move and 0 where it stays 0.
  package var masks: [String: Tensor] = [:] {
    didSet { modes.masked = Set(masks.keys) }
  }

  package init() {}

  /// Where the number of steps counted is kept, once something is drawn anew at every step. No name
  /// can be typed so.
  package static let clockPath = "step clock"

  /// Parameters that steps leave alone.
  package var frozen: Set<String> {
    get { modes.frozen }
    set { modes.frozen = newValue }
  }

  package subscript(path: String) -> Tensor? {
    get { values[path] }
    set { values[path] = newValue }
  }

  /// How many bytes its tensors take.
  package var byteCount: Int {
    func size(_ tensors: Dictionary<String, Tensor>.Values) -> Int {
      tensors.reduce(0) { $0 + 8 * $1.elements.count + 64 }
    }
    return size(values.values) + size(masks.values)
  }

  /// Where the mask of a parameter comes into a graph.
  static func maskPath(of parameter: String) -> String { parameter + " mask" }

  /// What is special about a parameter, in a few words each.
  package func stateWords(of parameter: String) -> [String] {
    var words: [String] = []
    if frozen.contains(parameter) { words.append("frozen") }
    if let mask = masks[parameter] {
      words.append("\(mask.elements.count { $0 == 0 }) of \(mask.elements.count) pruned")
    }
    if let bound = modes.bounds[parameter] {
      words.append("kept within ±\(NumberFormat.text(bound, digits: 6))")
    }
    if let quantizer = modes.quantizers[parameter] { words.append("read as \(quantizer.text)") }
    return words
  }

  /// Forgets what is special about a parameter that is declared anew.
  package mutating func forgetModes(of parameter: String) {
    masks[parameter] = nil
    modes.bounds[parameter] = nil
    modes.quantizers[parameter] = nil
  }

  /// Forgets the optimizer state of a parameter, so that its next step is its first.
  package mutating func forgetState(of parameter: String) {
    owners[parameter] = nil
    let prefix = parameter + "."
    values = values.filter { !$0.key.hasPrefix(prefix) }
  }
}
