// The rule files as the tests see them: every file of the folder, whatever the catalogue makes of it.

import Diagnostics
import Foundation
import Notation
import Optimizers
import Testing

enum Catalogue {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/Optimizers/Rules")

  struct File: Sendable, CustomTestStringConvertible {
    /// `torch/SGD.rule`
    let path: String
    var name: String {
      let name = path.dropLast(5).replacingOccurrences(of: "/", with: ".")
      return isInStages ? String(name.dropFirst(7)) : name
    }
    private var isInStages: Bool { path.hasPrefix("stages/") }
    /// A library's functions that change gradients are stages too.
    var isStage: Bool { isInStages || path.contains("/clip_") }
    var isLibraryCall: Bool { path.contains("/") && !isStage }
    var testDescription: String { path }

    func text() throws -> String {
      try String(contentsOf: Catalogue.folder.appendingPathComponent(path), encoding: .utf8)
    }

    func rule() throws -> Rule {
      let declarations = try RuleDeclaration.parse(Source(try text(), name: path))
      guard declarations.count == 1 else {
        throw Diagnostic("test", "\(path) holds \(declarations.count) rules")
      }
      return try Rule(declarations[0])
    }
  }

  static let files: [File] = {
    guard let all = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    return all.compactMap { $0 as? String }.filter { $0.hasSuffix(".rule") }.sorted().map(File.init)
  }()

  static func rule(_ name: String) throws -> Rule {
    guard let file = files.first(where: { $0.name == name }) else {
      throw Diagnostic("test", "no rule file for \(name)")
    }
    return try file.rule()
  }
}
