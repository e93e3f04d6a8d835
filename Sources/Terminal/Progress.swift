// One line that tells how far a long run is, redrawn in place on a terminal and absent
// anywhere else. It keeps time, not results: what the run found is printed by others.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Not Sendable: one owner, on one thread.
package final class Progress {
  private let output: Output
  private let screen: Screen
  private let label: String
  private let unit: String
  private let total: Int?
  private let started: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant?
  /// The shortest time between two drawings, and before the first: a quick run shows nothing.
  private let interval: Duration

  /// `total` nil for a run whose end is not known. `label` opens the line (`step`), `unit` is
  /// what is counted a second (`steps`).
  package init(
    output: Output, screen: Screen, label: String, unit: String, total: Int?,
    interval: Duration = .milliseconds(100)
  ) {
    self.output = output
    self.screen = screen
    self.label = label
    self.unit = unit
    self.total = total
    self.interval = interval
    started = .now
  }

  /// Tells that `done` are finished; draws at most ten times a second. Costs a look at the
  /// clock, so a run of very short steps calls it every few thousand. `note` ends the line.
  package func update(done: Int, note: String = "") {
    guard screen.isTerminal else { return }
    let now = ContinuousClock.now
    guard now - (drawn ?? started) >= interval else { return }
    drawn = now
    let line = Progress.line(
      label: label, unit: unit, done: done, total: total, elapsed: now - started, note: note,
      screen: screen)
    output.write("\r" + line + erase(after: line))
    output.flush()
  }

  /// Takes the line away again, so that the result stands in its place.
  package func erase() {
    guard drawn != nil else { return }
    drawn = nil
    output.write("\r" + erase(after: "") + "\r")
    output.flush()
  }

  private func erase(after line: String) -> String {
    if screen.erasesLines { return "\u{1B}[K" }
    return TextWidth.spaces(screen.width - 3 - TextWidth.of(line))
  }

  // MARK: the line

  /// `step 500 of 10000  ━━━━──────  5%  1.2 M steps/s  3 s left`, leaving room on the screen for
  /// the `^C` a terminal echoes; the bar takes the room that is left, and goes first when there is none.
  package static func line(
    label: String, unit: String, done: Int, total: Int?, elapsed: Duration, note: String = "",
    screen: Screen
  ) -> String {
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let rate = seconds > 0 ? Double(max(done, 0)) / seconds : 0
    var head = "\(label) \(done)"
    var tail: [String] = []
    var fraction: Double?
    if let total, total > 0 {
      head += " of \(total)"
      let part = min(max(Double(done) / Double(total), 0), 1)
      fraction = part
      tail.append("\(Int(part * 100))%")
    }
    if rate > 0 { tail.append("\(shortNumber(rate)) \(unit)/s") }
    if let total, rate > 0, done < total {
      tail.append("\(shortTime(Double(total - max(done, 0)) / rate)) left")
    }
    if !note.isEmpty { tail.append(note) }
    let width = max(screen.width - 3, 1)
    let text = ([head] + tail).joined(separator: "  ")
    let room = min(width - TextWidth.of(text) - 2, 40)
    guard let fraction, room >= 4 else {
      return TextWidth.truncate(text, to: width, mark: screen.allowsUnicode ? "…" : "~")
    }
    let filled = Int((Double(room) * fraction).rounded(.down))
    let (full, empty) = screen.allowsUnicode ? ("━", "─") : ("#", "-")
    let bar =
      screen.styled(String(repeating: full, count: filled), .cyan)
      + screen.styled(String(repeating: empty, count: room - filled), .dim)
    return ([head, bar] + tail).joined(separator: "  ")
  }

  /// Three digits at most, with `k`, `M` or `G`.
  static func shortNumber(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "?" }
    var scaled = value
    var suffix = ""
    for next in [" k", " M", " G"] where scaled >= 999.5 {
      scaled /= 1000
      suffix = next
    }
    if scaled < 9.95, scaled != scaled.rounded() || !suffix.isEmpty {
      let tenths = Int((scaled * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)\(suffix)"
    }
    return "\(scaled < 1e15 ? String(Int(scaled.rounded())) : "many")\(suffix)"
  }

  /// `3 s`, `2 min`, `1.5 h`.
  static func shortTime(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "?" }
    if seconds < 90 { return "\(Int(seconds.rounded(.up))) s" }
    if seconds < 90 * 60 { return "\(Int((seconds / 60).rounded())) min" }
    if seconds < 100 * 3600 { return "\(shortNumber(seconds / 3600)) h" }
    return "\(shortNumber(seconds / 86400)) days"
  }
}
