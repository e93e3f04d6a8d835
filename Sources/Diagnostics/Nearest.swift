// The known words nearest to one that is not known, for "did you mean".
//
// Distance is optimal string alignment (Damerau-Levenshtein without overlapping edits): one for a
// letter added, dropped, changed, or two neighbours swapped. It never guesses wildly: beyond a third
// of the word's letters nothing is suggested.

/// At most `limit` candidates close to the word, nearest first, equals in alphabetical order.
package func nearest(
  _ word: String, in candidates: some Sequence<String>, limit: Int = 3
) -> [String] {
  let letters = Array(word.lowercased().unicodeScalars)
  guard !letters.isEmpty, letters.count <= 64 else { return [] }
  let allowed = max(1, letters.count / 3)
  var found: [(distance: Int, word: String)] = []
  for candidate in candidates where candidate != word {
    let other = Array(candidate.lowercased().unicodeScalars)
    guard abs(other.count - letters.count) <= allowed else { continue }
    let distance = alignmentDistance(letters, other)
    // One letter for another is no resemblance: `a` is not a misspelt `b`.
    guard distance <= allowed, distance < max(letters.count, other.count) else { continue }
    found.append((distance, candidate))
  }
  found.sort { ($0.distance, $0.word) < ($1.distance, $1.word) }
  var words: [String] = []
  for entry in found where !words.contains(entry.word) {
    words.append(entry.word)
    if words.count == limit { break }
  }
  return words
}

/// "did you mean a, b or c?", or nil when nothing is near.
package func didYouMean(_ word: String, in candidates: some Sequence<String>) -> String? {
  let words = nearest(word, in: candidates)
  guard let last = words.last else { return nil }
  let before = words.dropLast().joined(separator: ", ")
  return "did you mean \(before.isEmpty ? last : "\(before) or \(last)")?"
}

private func alignmentDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [Int](repeating: i, count: b.count + 1)
    for j in 1...b.count {
      let change = a[i - 1] == b[j - 1] ? 0 : 1
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
