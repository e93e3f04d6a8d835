// Whether a search is to end before it is done: Ctrl-C, or whatever else the caller has in mind.
//
//   for candidate in candidates {
//     if isStopped() { break }
//     …
//   }
//
// A search asks once a candidate and answers with what it has by then; whoever gave the question asks it
// again and does not take such an answer for the whole.

/// It is asked on the thread that it was made on and on no other, so that a closure which may not cross
/// threads serves.
package struct Stopping: @unchecked Sendable {
  private let ask: () -> Bool

  package init(_ ask: @escaping () -> Bool) { self.ask = ask }

  package static let never = Stopping { false }

  package func callAsFunction() -> Bool { ask() }
}
