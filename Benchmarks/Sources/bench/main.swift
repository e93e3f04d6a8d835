// Measures the executor: for each subject the best of many short windows, in nanoseconds a step (or
// a parameter), with a value of the result and the requests for memory in a run. `run.sh` puts the C
// versions' numbers beside these.

import CCounter
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// The shortest of the windows that fit into about `limit` seconds.
func best(_ limit: Double, _ body: () -> Void) -> Double {
  let began = seconds()
  var best = Double.infinity
  while seconds() - began < limit {
    let start = seconds()
    body()
    best = min(best, seconds() - start)
  }
  return best
}

let windowSeconds = 0.4

func measure(_ name: String, _ subject: Subject, steps: Int, per count: Int = 1, resets: Bool) {
  subject.reset()
  _ = subject.program.run(steps: 1)
  let before = allocation_count()
  _ = subject.program.run(steps: steps)
  let requests = allocation_count() - before
  let time = best(windowSeconds) {
    if resets { subject.reset() }
    _ = subject.program.run(steps: steps)
  }
  // Not part of a step, and of a million numbers not for nothing.
  let value = subject.program.read(subject.result).elements.first ?? 0
  print(name, time / Double(steps * count) * 1e9, value, requests)
}

func compileTime() throws {
  let time = best(0.3) { _ = try? rosenbrock() }
  print("rosenbrock_graph_and_compile", time * 1e9, 0, 0)
}

let chosen = CommandLine.arguments.dropFirst()
func wants(_ name: String) -> Bool { chosen.isEmpty || chosen.contains(name) }

if wants("rosenbrock") {
  measure("rosenbrock_adam", try rosenbrock(), steps: 200_000, resets: true)
  try compileTime()
}
if wants("regression") {
  measure("linear_regression", try linearRegression(), steps: 20_000, resets: true)
}
if wants("adam") {
  for (precision, name) in [(Program.Precision.float64, "f64"), (.float32, "f32")] {
    for threads in 1...2 {
      let count = 1_000_000
      measure(
        "adam_\(name)_\(threads)", try adamUpdate(precision, threads: threads, count: count),
        steps: 1, per: count, resets: false)
    }
  }
}
if wants("sizes") {
  for count in [2048, 16384, 100_000, 300_000] {
    measure(
      "adam_f64_\(count)", try adamUpdate(.float64, threads: 1, count: count),
      steps: max(1, 100_000 / count), per: count, resets: false)
  }
}
if wants("digits") {
  let digits = Digits()
  for (precision, name) in [(Program.Precision.float64, "f64"), (.float32, "f32")] {
    let epoch = try Epoch(digits, precision)
    for _ in 0..<3 { epoch.run() }
    let before = allocation_count()
    _ = epoch.whole.program.run(steps: 56)
    let requests = allocation_count() - before
    let time = best(2) { epoch.run() }
    let value = epoch.rest.program.read(epoch.rest.loss).scalar ?? 0
    print("digits_epoch_\(name)", time * 1e9, value, requests)
    var times: [Double] = []
    for work in [Digits.Work.loss, .gradient, .step] {
      let variant = try digits.variant(rows: 32, work, precision: precision)
      variant.reset()
      times.append(best(0.5) { _ = variant.program.run(steps: 10) } / 10)
      print("digits_\(work)_\(name)", (times.last ?? 0) * 1e9, 0, 0)
    }
  }
}
if chosen.contains("convolution") {
  for (precision, name) in [(Program.Precision.float64, "f64"), (.float32, "f32")] {
    let began = seconds()
    let variant = try convolutional(precision)
    let compiled = seconds() - began
    variant.reset()
    let time = best(0.5) { _ = variant.program.run(steps: 1) }
    let value = variant.program.read(variant.loss).scalar ?? 0
    print("convolution_step_\(name)", time * 1e9, value, "compile_ms", compiled * 1e3)
  }
}
for (word, subject) in [
  ("profile64", { try Digits().variant(rows: 32) }),
  ("profile32", { try Digits().variant(rows: 32, precision: .float32) }),
  ("profile_convolution", { try convolutional(.float64) }),
] as [(String, () throws -> Digits.Variant)] where chosen.contains(word) {
  let variant = try subject()
  variant.reset()
  let began = seconds()
  while seconds() - began < 2 { _ = variant.program.run(steps: 1000) }
}
if chosen.contains("unrolled") {
  for length in [50, 100, 200, 400, 800] {
    let time = try Unrolled(length: length).measure()
    print(
      "unrolled_\(length)", "nodes", time.nodes, "build", time.build * 1e3, "gradient",
      time.gradient * 1e3, "compile", time.compile * 1e3, "step", time.step * 1e3)
  }
}
