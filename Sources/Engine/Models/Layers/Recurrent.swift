// rnn, lstm, gru: one layer that goes along a sequence and keeps a state.
//
// The graph holds every time step: what is called backpropagation through time is then nothing but the
// gradient.

import Diagnostics
import Tensors

extension LayerKind {
  static let rnn = recurrent(
    "rnn", gates: 1, torch: "torch.nn.RNN",
    "A sequence goes through one time step after the other; each state follows from the input"
      + " at that step and the state before.",
    formulas: ["hₜ = tanh(xₜ @ weight_ihᵀ + bias_ih + hₜ₋₁ @ weight_hhᵀ + bias_hh), h₀ = 0"],
    flags: [.flag("relu")],
    notes: ["relu=true has relu in the place of tanh."]
  ) { cell throws(Diagnostic) in
    let text = cell.usesRelu ? "relu(p + r)" : "tanh(p + r)"
    return try cell.pass.formula(text, ["p": cell.input, "r": cell.recurrent])
  }

  static let lstm = recurrent(
    "lstm", gates: 4, torch: "torch.nn.LSTM",
    "A sequence goes through one time step after the other; gates decide what the cell forgets, takes"
      + " in and shows (Hochreiter & Schmidhuber 1997, with forget gate).",
    formulas: [
      "z = xₜ @ weight_ihᵀ + bias_ih + hₜ₋₁ @ weight_hhᵀ + bias_hh, in four parts zᵢ z_f z_g zₒ",
      "i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ)",
      "cₜ = f·cₜ₋₁ + i·g, hₜ = o·tanh(cₜ), h₀ = c₀ = 0",
    ],
    notes: ["The rows of the weights are those of i, f, g and o, one after the other."]
  ) { cell throws(Diagnostic) in
    let pass = cell.pass
    let z = try pass.formula("p + r", ["p": cell.input, "r": cell.recurrent])
    var names = ["c": cell.memory]
    for (i, gate) in ["i", "f", "g", "o"].enumerated() {
      let part = try pass.columns(z, from: i * cell.hidden, count: cell.hidden)
      names[gate] = try pass.formula(gate == "g" ? "tanh(z)" : "sigmoid(z)", ["z": part])
    }
    cell.memory = try pass.formula("f*c + i*g", names)
    names["c"] = cell.memory
    return try pass.formula("o*tanh(c)", names)
  }

  static let gru = recurrent(
    "gru", gates: 3, torch: "torch.nn.GRU",
    "A sequence goes through one time step after the other; gates decide how much of the state is"
      + " renewed (Cho et al. 2014).",
    formulas: [
      "a = xₜ @ weight_ihᵀ + bias_ih, b = hₜ₋₁ @ weight_hhᵀ + bias_hh, each in three parts r z n",
      "r = σ(a_r + b_r), z = σ(a_z + b_z), n = tanh(a_n + r·b_n)",
      "hₜ = (1 - z)·n + z·hₜ₋₁, h₀ = 0",
    ],
    notes: ["The rows of the weights are those of r, z and n, one after the other."]
  ) { cell throws(Diagnostic) in
    let pass = cell.pass
    func part(_ node: NodeID, _ gate: Int) throws(Diagnostic) -> NodeID {
      try pass.columns(node, from: gate * cell.hidden, count: cell.hidden)
    }
    let (a, b) = (cell.input, cell.recurrent)
    var names = ["h": cell.state]
    names["r"] = try pass.formula("sigmoid(a + b)", ["a": try part(a, 0), "b": try part(b, 0)])
    names["z"] = try pass.formula("sigmoid(a + b)", ["a": try part(a, 1), "b": try part(b, 1)])
    names["a"] = try part(a, 2)
    names["b"] = try part(b, 2)
    names["n"] = try pass.formula("tanh(a + r*b)", names)
    return try pass.formula("(1 - z)*n + z*h", names)
  }

  /// How many time steps a sequence may have, and elements all of its states together.
  static let longestSequence = 512
  static let mostStates = 1 << 24

  private static func recurrent(
    _ name: String, gates: Int, torch: String, _ summary: String, formulas: [String],
    flags: [Tensors.Parameter] = [], notes: [String],
    _ advance: @escaping @Sendable (RecurrentCell) throws(Diagnostic) -> NodeID
  ) -> LayerKind {
    let rows = gates == 1 ? "hidden" : "\(gates)·hidden"
    return LayerKind(
      name,
      [.integer("features"), .integer("hidden"), .flag("last")] + flags + [.flag("bias", true)],
      summary, torch: torch, formulas: formulas,
      layout: [
        ("weight_ih [\(rows), features]", "U(-a, a) with a = 1/√hidden, as are all"),
        ("weight_hh [\(rows), hidden]", "from the state before"),
        ("bias_ih, bias_hh [\(rows)]", "both, as PyTorch has them"),
      ],
      notes: [
        "It takes sequences [n, time, features] (batch_first) and gives all states"
          + " [n, time, hidden]; with last=true only the last one, [n, hidden]."
      ] + notes + [
        "A sequence has at most \(longestSequence) time steps. Several layers are written one after the"
          + " other."
      ],
      takesInitialisers: true,
      examples: [
        [
          "model f = embedding(5, 3) |> \(name)(3, 4) |> linear(4, 5)",
          "ids = [[0, 1, 2], [3, 4, 0]]; next = [[1, 2, 3], [4, 0, 1]]",
          "loss L = cross_entropy(f(ids), next)", "optimizer adam(lr=0.1)", "step 10",
        ]
      ]
    ) { call throws(TensorError) in
      let features = try call.size("features")
      let hidden = try call.size("hidden")
      let givesLast = call.flag("last")
      let usesRelu = flags.isEmpty ? false : call.flag("relu")
      let hasBias = call.flag("bias")
      let (width, overflows) = gates.multipliedReportingOverflow(by: hidden)
      guard !overflows else { throw call.invalid("hidden is too large") }
      let standard = Initialiser.torchUniform(.hidden(hidden))
      var parameters = [
        LayerParameter("weight_ih", [width, features], standard),
        LayerParameter("weight_hh", [width, hidden], standard),
      ]
      if hasBias {
        parameters.append(LayerParameter("bias_ih", [width], isBias: true, standard))
        parameters.append(LayerParameter("bias_hh", [width], isBias: true, standard))
      }
      var title = "\(name)(\(features)→\(hidden)"
      if usesRelu { title += ", relu=true" }
      if givesLast { title += ", last=true" }
      if !hasBias { title += ", bias=false" }
      return LayerParts(
        title: title + ")", parameters: parameters, passage: .features(features, to: hidden)
      ) { pass, x throws(Diagnostic) in
        let (n, time) = try pass.sequence(x, features: features)
        guard (1...longestSequence).contains(time) else {
          throw pass.refuse(
            pass.shape(x), takes: "1 to \(longestSequence) time steps; there are \(time)",
            help: time > 0 ? "cut the sequences into shorter ones" : nil)
        }
        let numbers = Shape([n, time, width]).count
        guard numbers <= mostStates else {
          throw pass.refuse(
            pass.shape(x),
            takes: "sequences whose states come to at most \(mostStates) numbers;"
              + " these come to \(numbers)", help: "apply it to fewer sequences at a time")
        }
        // The part that does not wait for the state is one product for all time steps.
        let projected = try pass.affine(
          x, try pass.parameter("weight_ih"), hasBias ? try pass.parameter("bias_ih") : nil)
        let weight = try pass.parameter("weight_hh")
        let bias = hasBias ? try pass.parameter("bias_hh") : nil
        let zero = try pass.zeros([n, hidden])
        let cell = RecurrentCell(pass, hidden: hidden, usesRelu: usesRelu, state: zero)
        var states: [NodeID] = []
        for step in 0..<time {
          cell.input = try pass.timeStep(projected, step)
          cell.recurrent = try pass.affine(cell.state, weight, bias)
          cell.state = try advance(cell)
          states.append(cell.state)
        }
        return givesLast
          ? cell.state : try pass.apply(.stack, states, Attributes(integers: [-2]))
      }
    }
  }
}

/// One time step of a recurrent layer.
final class RecurrentCell {
  let pass: LayerPass
  let hidden: Int
  let usesRelu: Bool
  /// hₜ₋₁, [n, hidden]
  var state: NodeID
  /// cₜ₋₁ of an lstm
  var memory: NodeID
  /// xₜ @ weight_ihᵀ + bias_ih
  var input: NodeID
  /// hₜ₋₁ @ weight_hhᵀ + bias_hh
  var recurrent: NodeID

  init(_ pass: LayerPass, hidden: Int, usesRelu: Bool, state: NodeID) {
    self.pass = pass
    self.hidden = hidden
    self.usesRelu = usesRelu
    self.state = state
    memory = state
    input = state
    recurrent = state
  }
}
