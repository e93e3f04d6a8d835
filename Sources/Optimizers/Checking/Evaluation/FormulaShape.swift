// What a formula needs to be worked out: its free symbols, which of them are vectors and matrices,
// which share a length, and which letters are lengths.
//
// Found by structure alone: two symbols with the same index have the same length along it, and so
// have two indices that one symbol takes in the same place.

import Diagnostics
import Notation

/// A symbol that nothing in the text defines.
package struct FreeSymbol: Sendable {
  package var key: String
  /// The group of equal lengths that each of its indices belongs to, sample first.
  package var axes: [Int]
  /// Without an index, but under a norm, a mean or a transpose: a vector.
  package var isWhole = false
  /// Picks an element of others: y in z_y.
  package var classAxis: Int?
  /// As it was first printed.
  package var text: String
  package var span: Span
}

package struct FormulaShape: Sendable {
  package private(set) var symbols: [FreeSymbol] = []
  /// Symbols that are lengths, and the group each is the length of.
  package private(set) var lengths: [String: Int] = [:]
  /// The group an index letter of the root runs through.
  package private(set) var letters: [String: Int] = [:]
  /// Groups of the root's free indices: the shape of its value.
  package private(set) var output: [Int] = []

  let notation: FormulaNotation
  private var parents: [Int] = []
  private var nodes: [String: Int] = [:]
  var seen: Set<String> = []
  var found: [String: Found] = [:]
  var order: [String] = []
  var depth = 0
  /// How many definitions lead on to others.
  static let deepest = 200

  struct Found {
    var rank = 0
    var isWhole = false
    var classNode: Int?
    /// What its indices pick is a vector: w^\top x_i.
    var picksVector = false
    var span: Span
  }

  /// What a definition of the text needs, through all that it uses.
  package init(_ notation: FormulaNotation, of root: FormulaDefinition) {
    self.init(notation, root.value, indices: root.indices, key: root.key)
  }

  /// What an expression needs.
  package init(_ notation: FormulaNotation, _ math: Math, indices: [String] = [], key: String = "")
  {
    self.notation = notation
    seen.insert(key)
    for (place, letter) in indices.enumerated() {
      join(node("\(key)#\(place)"), node("\(key) \(letter)"))
    }
    visit(math, in: key, whole: false, bound: [])
    for key in order {
      guard let item = found[key] else { continue }
      symbols.append(
        FreeSymbol(
          key: key,
          axes: (0..<(item.rank + (item.picksVector ? 1 : 0))).map { groupOf("\(key)#\($0)") },
          isWhole: item.isWhole, classAxis: item.classNode.map(group), text: item.span.text,
          span: item.span))
    }
    for (name, place) in nodes.sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: " ", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == key[...] || !parts[1].isEmpty else { continue }
      let letter = String(parts[1])
      if let limit = notation.limits[letter], found[limit]?.rank ?? 0 == 0 {
        lengths[limit] = group(place)
      }
      if let set = notation.setLetters[letter] { lengths["|\(set)|"] = group(place) }
      if parts[0] == key { letters[letter] = group(place) }
    }
    symbols.removeAll { lengths[$0.key] != nil }
    output = indices.map { groupOf("\(key) \($0)") }
  }

  // MARK: Groups

  mutating func node(_ name: String) -> Int {
    if let place = nodes[name] { return place }
    let place = parents.count
    parents.append(place)
    nodes[name] = place
    // Indices with the same upper limit run equally far.
    if let letter = name.split(separator: " ").last, name.contains(" "),
      let limit = notation.limits[String(letter)]
    {
      let end = node("limit:\(limit)#")
      parents[group(place)] = group(end)
    }
    return place
  }

  private mutating func groupOf(_ name: String) -> Int {
    let place = node(name)
    return group(place)
  }

  private func group(_ place: Int) -> Int {
    var place = place
    while parents[place] != place { place = parents[place] }
    return place
  }

  mutating func join(_ a: Int, _ b: Int) { parents[group(a)] = group(b) }
}
