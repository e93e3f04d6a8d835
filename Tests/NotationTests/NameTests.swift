// One name, many spellings.

import Testing

@testable import Notation

@Suite struct Names {
  @Test(arguments: [
    ("x1", ["x_1", "x₁", "x1"]), ("beta1", ["beta_1", "β1", "β₁", "β_1", "beta₁"]),
    ("w1_2", ["w1_2", "w₁_2"]), ("w12", ["w12", "w_12", "w₁₂"]), ("w_1_2", ["w_1_2"]),
    ("eps", ["eps", "epsilon", "ε", "ϵ"]), ("eps1", ["epsilon_1", "ε₁"]),
    ("eps_root", ["epsilon_root", "ε_root", "eps_root"]),
    ("m_hat", ["m_hat", "m\u{302}"]), ("w_hat", ["ŵ", "w\u{302}", "w_hat"]),
    ("g_hat", ["ĝ"]), ("a_bar", ["ā", "a\u{304}", "a_bar"]), ("n_tilde", ["ñ", "n\u{303}"]),
    ("m_hat1", ["m\u{302}₁", "m_hat_1", "m_hat1", "m1_hat", "m_1_hat", "m₁\u{302}"]),
    ("x_hat_i", ["x\u{302}ᵢ", "x_hat_i", "x_i_hat"]), ("v_hat_max", ["v\u{302}_max", "v_hat_max"]),
    ("v_max_hat", ["v_max_hat"]), ("theta_bar", ["θ\u{304}", "theta_bar"]),
    ("xi", ["xi", "ξ"]), ("x_i", ["x_i", "xᵢ"]), ("lambda", ["lambda", "λ"]),
    ("Delta", ["Δ", "∆", "Delta"]), ("mu", ["µ", "μ", "mu"]), ("Beta", ["Β", "Beta"]),
    ("w_beta", ["w_β", "wᵦ"]), ("theta_old", ["θ_old"]), ("d_model2", ["d_model_2"]),
    ("w", ["𝑤", "𝐰", "w"]), ("theta", ["𝜃", "𝛉", "ϑ"]), ("log2", ["log_2", "log2"]),
    ("_1", ["_1"]), ("x__1", ["x__1"]), ("lr_hat", ["lr\u{302}"]), ("hat", ["hat"]),
  ])
  func spellings(canonical: String, spellings: [String]) {
    for spelling in spellings {
      #expect(Name(spelling: spelling).canonical == canonical, "\(spelling)")
    }
  }

  @Test(arguments: [
    ("beta1", "β₁"), ("m_hat", "m\u{302}"), ("theta", "θ"), ("eps", "ε"), ("w1", "w₁"),
    ("x_i", "xᵢ"), ("m_hat1", "m\u{302}₁"), ("x_hat_i", "x\u{302}ᵢ"), ("top_hat", "top_hat"),
    ("lr", "lr"), ("loss1", "loss1"), ("x_hat_bar", "x_hat_bar"), ("Delta", "Δ"), ("Beta", "Beta"),
    ("v_hat_max", "v\u{302}_max"), ("theta_old", "θ_old"), ("w1_2", "w1_2"), ("x_q", "x_q"),
    ("omicron", "omicron"), ("m_hat1_2", "m\u{302}1_2"), ("x_hatch", "x_hatch"),
    ("w_12_a", "w_12_a"),
  ])
  func shown(canonical: String, pretty: String) {
    #expect(Name(canonical: canonical).pretty == pretty)
  }

  @Test func whatIsShownIsTheSameName() {
    var random = SeededGenerator(seed: 7)
    let stems = [
      "m", "x", "i", "beta", "eps", "Omega", "Alpha", "lr", "loss", "xi", "é", "_", "top",
    ]
    let parts = [
      "_hat", "_bar", "_tilde", "1", "12", "_1", "_i", "_max", "_old", "_beta", "_", "a",
    ]
    for _ in 0..<20_000 {
      var spelling = stems[Int.random(in: 0..<stems.count, using: &random)]
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        spelling += parts[Int.random(in: 0..<parts.count, using: &random)]
      }
      let name = Name(spelling: spelling)
      #expect(Name(spelling: name.canonical) == name, "\(spelling) → \(name)")
      #expect(Name(spelling: name.pretty) == name, "\(spelling) → \(name) → \(name.pretty)")
    }
  }

  @Test func everyGreekLetterBothWays() {
    for name in GreekLetters.allNames {
      let letter = GreekLetters.letter(named: name)
      #expect(letter != nil)
      #expect(letter.flatMap { GreekLetters.name(of: $0) } == (name == "epsilon" ? "eps" : name))
    }
    #expect(GreekLetters.allNames.count == 34)
  }

  @Test func everyComposedLetterIsItsLetterAndMark() {
    var count = 0
    for value in UInt32(0xC0)...0x1EFF {
      guard let scalar = Unicode.Scalar(value), let (base, accent) = ComposedLetters.split(scalar)
      else { continue }
      count += 1
      var decomposed = String(Character(base))
      decomposed.unicodeScalars.append(accent.mark)
      #expect(decomposed == String(Character(scalar)))
    }
    #expect(count == 26 + 14 + 16)
  }

  @Test func mathematicalAlphabets() {
    #expect(ComposedLetters.plain("𝐴") == "A")
    #expect(ComposedLetters.plain("𝓏") == "z")
    #expect(ComposedLetters.plain("𝛁") == "∇")
    #expect(ComposedLetters.plain("𝜕") == "∂")
    #expect(ComposedLetters.plain("𝝴") == "ϵ" || ComposedLetters.plain("𝝴") == "ε")
    #expect(ComposedLetters.plain("𝟗") == "9")
    #expect(ComposedLetters.plain("ℎ") == "h")
  }
}
