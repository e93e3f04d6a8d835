// The catalogue: rule files, found by name and read on first use.
//
// A rule's file is `Rules/<name>.rule`, a library's call `Rules/<library>/<Name>.rule`. Nothing else
// knows which rules exist, so adding one is adding one file.

import Diagnostics
import Notation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum RuleLibrary {
  /// Shorter or older names for rules of the catalogue.
  package static let aliases: [String: String] = [
    "sgd": "gradient_descent", "gd": "gradient_descent", "SGD": "gradient_descent",
    "newton_raphson": "newton", "signsgd": "sign_sgd",
  ]

  /// How programs begin the names of a library's optimizers.
  private static let prefixes: [(written: String, known: String)] = [
    ("torch.optim.", "torch."), ("optim.", "torch."), ("keras.optimizers.", "keras."),
    ("tf.keras.optimizers.", "keras."), ("tensorflow.keras.optimizers.", "keras."),
  ]

  /// The rule of a name; nil when there is none.
  package static func rule(named name: String) throws(Diagnostic) -> Rule? {
    guard let path = path(of: name) else { return nil }
    let text = try read(path)
    let declarations: [RuleDeclaration]
    do {
      // Errors call the file as it is called within the catalogue, wherever that is installed.
      let root = Home.folder(.rules).map { $0 + "/" } ?? ""
      let name = path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
      declarations = try RuleDeclaration.parse(Source(text, name: name))
    } catch {
      throw error.diagnostic
    }
    guard let declaration = declarations.first else { return nil }
    return try Rule(declaration)
  }

  /// Every name of the catalogue: plain rules first, then libraries' calls, each sorted.
  package static var names: [String] {
    guard let root = Home.folder(.rules) else { return [] }
    var plain: [String] = []
    var qualified: [String] = []
    for entry in list(root) {
      if let name = ruleName(entry) {
        plain.append(name)
      } else if !entry.contains(".") {
        for inner in list(root + "/" + entry) {
          guard let name = ruleName(inner) else { continue }
          if entry == "stages" { plain.append(name) } else { qualified.append(entry + "." + name) }
        }
      }
    }
    return plain.sorted() + qualified.sorted()
  }

  private static func ruleName(_ file: String) -> String? {
    file.hasSuffix(".rule") ? String(file.dropLast(5)) : nil
  }

  /// Names hold letters, digits and underscores only, so no path leads out of the folder.
  private static func path(of name: String) -> String? {
    guard let root = Home.folder(.rules) else { return nil }
    let prefix = prefixes.first { name.hasPrefix($0.written) }
    let full = prefix.map { $0.known + name.dropFirst($0.written.count) } ?? name
    let known = aliases[full] ?? full
    let parts = known.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
    guard isPlain, parts.count <= 2 else { return nil }
    let candidates =
      parts.count == 2
      ? ["\(root)/\(parts[0])/\(parts[1]).rule"]
      : ["\(root)/\(known).rule", "\(root)/stages/\(known).rule"]
    return candidates.first { access($0, R_OK) == 0 }
  }

  private static func list(_ directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func read(_ path: String) throws(Diagnostic) -> String {
    guard let file = fopen(path, "rb") else {
      throw Diagnostic("rule.unreadable", "the rule file \(path) cannot be read")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count < 1 << 20 else {
        throw Diagnostic("rule.large", "the rule file \(path) is larger than 1 MB")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
