// Quantising parameters: rounding them once, or training with them rounded on the way into the loss.

import Diagnostics
import Tensors

extension Session {
  /// Rounds parameters to the levels of their integers: an event. They are ordinary numbers
  /// afterwards, which further steps move off those levels.
  package mutating func quantize(_ parameters: [Parameter], by quantizer: Quantizer, what: String)
    -> [(path: String, result: QuantizedTensor)]
  {
    let before = snapshot
    var results: [(path: String, result: QuantizedTensor)] = []
    for parameter in parameters {
      let result = quantizer.quantized(value(of: parameter))
      snapshot[parameter.path] = held(result.values, at: parameter.path).value
      snapshot.modes.quantizers[parameter.path] = nil
      results.append((parameter.path, result))
    }
    timeline.appendChange(what, before: before, after: snapshot)
    return results
  }

  /// From now on losses and models read these parameters rounded, while steps move the unrounded ones
  /// (quantisation-aware training: Jacob et al. 2018, section 3; the gradient of rounding is taken as
  /// 1, the straight-through estimator of Bengio, Léonard & Courville 2013). An event.
  package mutating func trainQuantized(
    _ parameters: [Parameter], by quantizer: Quantizer, what: String
  ) -> [(path: String, result: QuantizedTensor)] {
    let before = snapshot
    for parameter in parameters { snapshot.modes.quantizers[parameter.path] = quantizer }
    timeline.appendChange(what, before: before, after: snapshot)
    return parameters.map { ($0.path, quantizer.quantized(value(of: $0))) }
  }

  /// Reads parameters as they are again: an event. False when none was read rounded.
  package mutating func stopQuantizing(_ parameters: [Parameter], what: String) -> Bool {
    let before = snapshot
    for parameter in parameters { snapshot.modes.quantizers[parameter.path] = nil }
    guard snapshot != before else { return false }
    timeline.appendChange(what, before: before, after: snapshot)
    return true
  }
}
