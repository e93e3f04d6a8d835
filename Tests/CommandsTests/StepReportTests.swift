import Diagnostics
import Notation
import Tensors
import Testing

@testable import Commands
@testable import Engine

@Suite struct StepReportTests {
  @Test func firstStepOfAdam() throws {
    let report = StepReport(try exampleSteps(1)[0])
    #expect(
      report.plain() == """
        step 1 · adam                                              L  13 → 12.02
          g  = ∇L                     = [-4, -6]
          m  = β₁·m + (1 - β₁)·g      = 0.9·[0, 0] + (1 - 0.9)·[-4, -6]          = [-0.4, -0.6]
          v  = β₂·v + (1 - β₂)·g²     = 0.999·[0, 0] + (1 - 0.999)·[-4, -6]²     = [0.016, 0.036]
          m̂  = m/(1 - β₁ᵗ)            = [-0.4, -0.6]/(1 - 0.9¹)                  = [-4, -6]
          v̂  = v/(1 - β₂ᵗ)            = [0.016, 0.036]/(1 - 0.999¹)              = [16, 36]
          w  ← w - lr·m̂/(√v̂ + ε)      = [1, -2] - 0.1·[-4, -6]/(√[16, 36] + 1e-08) = [1.1, -1.9]
        """)
  }
}
