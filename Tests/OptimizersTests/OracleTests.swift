// The libraries' calls give the libraries' numbers: parameters and every state tensor, each step.

import Foundation
import Notation
import Optimizers
import Tensors
import Testing

@Suite struct OracleTests {
  /// Relative; the runs have 30 steps, in which rounding in another order adds up to a few 1e-14.
  static let tolerance = 1e-12

  @Test(arguments: ["oracles.jsonl", "oracles-more.jsonl"])
  func libraryCallsReproduceRecordedRuns(_ file: String) throws {
    let problems = try RecordedProblem.all()
    var worst = WorstCases()
    let runs = try Recorded.lines(file)
    #expect(!runs.isEmpty)
    for run in runs {
      let id = try #require(run["id"]?.text)
      let name = try #require(run["library"]?.text) + "." + (run["optimizer"]?.text ?? "")
      let hyper = (run["hyper"]?.members ?? []).map { "\($0.key)=\($0.value.argument)" }
      let call = "\(name)(\(hyper.joined(separator: ", ")))"
      let problemName = try #require(run["problem"]?.text)
      let problem = try #require(problems[problemName])
      let apart = try Self.distance(of: call, name: name, on: problem, to: run)
      worst.note(name, apart, in: "\(id) \(problemName)")
      let tolerance = run["tolerance"]?.number ?? Self.tolerance
      #expect(apart <= tolerance, "\(id): \(call) on \(problemName) is \(apart) away")
    }
    print(worst.printed(file))
  }

  private static func distance(
    of call: String, name: String, on problem: RecordedProblem, to run: JSON
  ) throws -> Double {
    let live = try RuleRun([call], start: problem.start, source: problem.source)
    let params = run["params"]?.list ?? []
    var worst = params.count == 30 ? 0 : Double.infinity
    for (step, recorded) in params.enumerated() {
      live.step(problem.tape?[step])
      worst = max(worst, relativeDifference(live.parameter, recorded.tensor))
      for (key, values) in run["state"]?.members ?? [] {
        let value = values.list?[step].tensor ?? Tensor(.nan)
        worst = max(worst, try self.distance(of: key, in: live, name: name, to: value))
      }
    }
    for (key, value) in run["final_state"]?.members ?? [] {
      worst = max(worst, try self.distance(of: key, in: live, name: name, to: value.tensor))
    }
    return worst
  }

  private static func distance(
    of key: String, in live: RuleRun, name: String, to recorded: Tensor
  ) throws -> Double {
    let ours = try #require(
      StateNames.ours[name]?[key], "no state of \(name) is known to be the library's \(key)")
    let state = try #require(live.state(ours), "\(name) has no state \(ours)")
    return relativeDifference(state, recorded)
  }
}

/// What the libraries call the states of the rules.
enum StateNames {
  static let ours: [String: [String: String]] = {
    let torchAdam = ["exp_avg": "m", "exp_avg_sq": "v", "max_exp_avg_sq": "v_max"]
    let optaxAdam = ["mu": "m", "nu": "v"]
    let kerasAdam = ["momentum": "m", "velocity": "v", "velocity_hat": "v_max"]
    var names: [String: [String: String]] = [
      "torch.SGD": ["momentum_buffer": "v"],
      "torch.Adagrad": ["sum": "G"],
      "torch.RMSprop": ["square_avg": "v", "grad_avg": "g_bar", "momentum_buffer": "b"],
      "torch.Adadelta": ["square_avg": "v", "acc_delta": "u"],
      "torch.Adamax": ["exp_avg": "m", "exp_inf": "u"],
      "torch.NAdam": ["exp_avg": "m", "exp_avg_sq": "v", "mu_product": "mu_product"],
      "torch.Rprop": ["prev": "g_prev", "step_size": "s"],
      "torch.ASGD": ["eta": "eta", "mu": "mu", "ax": "ax"],
      "torch.Adafactor": ["row_var": "R", "col_var": "C", "variance": "V"],
      "torch.Muon": ["momentum_buffer": "B"],
      "keras.SGD": ["momentum": "v"],
      "keras.RMSprop": ["velocity": "v", "momentum": "b", "average_gradient": "g_bar"],
      "keras.Adagrad": ["accumulator": "G"],
      "keras.Adadelta": ["accumulated_grad": "v", "accumulated_delta_var": "u"],
      "keras.Adamax": ["momentum": "m", "norm": "u"],
      "keras.Nadam": ["momentum": "m", "velocity": "v", "u_product": "mu_product"],
      "keras.Lion": ["momentum": "m"],
      "keras.Lamb": ["momentum": "m", "velocity": "v"],
      "keras.Adafactor": ["velocity": "V"],
      "keras.Muon": ["momentum": "m", "velocity": "v"],
      "keras.Ftrl": ["accumulator": "n", "linear": "z"],
      "optax.sgd": ["trace": "v"],
      "optax.rmsprop": ["nu": "v", "mu": "g_bar", "trace": "b"],
      "optax.lion": ["mu": "m"],
      "optax.adabelief": ["mu": "m", "nu": "s"],
      "optax.lars": ["trace": "v"],
      "optax.adagrad": ["sum_of_squares": "G"],
      "optax.amsgrad": ["mu": "m", "nu": "v", "nu_max": "v_max"],
      "optax.rprop": ["step_sizes": "s", "prev_updates": "d"],
      "optax.adamax": ["mu": "m", "nu": "u"],
      "optax.adamaxw": ["mu": "m", "nu": "u"],
      "optax.adan": ["m": "m", "v": "v", "n": "n", "g": "g_prev"],
      "optax.optimistic_gradient_descent": ["previous_gradient": "g_prev"],
      "optax.adadelta": ["e_g": "v", "e_x": "u"],
      "optax.signum": ["ema": "m"],
    ]
    for name in ["Adam", "AdamW", "RAdam"] { names["torch." + name] = torchAdam }
    for name in ["Adam", "AdamW"] { names["keras." + name] = kerasAdam }
    for name in ["adam", "adamw", "nadam", "nadamw", "lamb", "yogi", "radam", "novograd"] {
      names["optax." + name] = optaxAdam
    }
    return names
  }()
}
