// What a path means: `~`, the data sets that come with Descent, and what is near a missing file.

import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FileAccess {
  /// `~` and `~/…` with the person's home folder; anything else as it is.
  package static func expand(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    let folder = String(cString: home)
    guard !folder.isEmpty else { return path }
    return folder + path.dropFirst()
  }

  /// Whether there is anything at the path.
  package static func exists(_ path: String) -> Bool {
    guard !path.isEmpty, !path.utf8.contains(0) else { return false }
    return access(expand(path), F_OK) == 0
  }

  /// The path of a data file: as given when there is such a file, else within the data sets that
  /// come with Descent (with or without `datasets/` in front), else as given.
  package static func locate(_ path: String) -> String {
    locate(path, datasets: Home.folder(.datasets))
  }

  static func locate(_ path: String, datasets: String?) -> String {
    guard !exists(path), let datasets, !path.hasPrefix("/"), !path.hasPrefix("~") else {
      return path
    }
    var name = path[...]
    for prefix in ["./", "datasets/"] where name.hasPrefix(prefix) {
      name = name.dropFirst(prefix.count)
    }
    guard !name.isEmpty, !name.split(separator: "/").contains("..") else { return path }
    let installed = datasets + "/" + name
    return exists(installed) ? installed : path
  }

  /// Whether a path, with links followed, is the folder or lies within it. A file that is not
  /// there yet counts as lying where its folder does.
  package static func isInside(_ path: String, folder: String) -> Bool {
    guard !path.utf8.contains(0), !folder.utf8.contains(0) else { return false }
    guard let outer = resolve(expand(folder)) else { return false }
    let expanded = expand(path)
    let (parent, name) = split(expanded)
    // The last part may be missing, but never a way out: `..`, or a link that leads nowhere.
    let link = isLink(expanded)
    guard
      let inner = resolve(expanded)
        ?? (name == ".." || name == "." || link ? nil : resolve(parent).map { $0 + "/" + name })
    else { return false }
    return inner == outer || inner.hasPrefix(outer == "/" ? "/" : outer + "/")
  }

  /// The absolute path with links followed; nil when there is nothing there.
  static func resolve(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// A path's folder (`.` when it names none) and its last part.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let name = String(path[path.index(after: slash)...])
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }

  // MARK: - Missing files

  /// That there is no such file, with the names nearest to it.
  static func missing(_ path: String, _ expanded: String, at span: Span) -> Diagnostic {
    let (folder, name) = split(expanded)
    let typedFolder = split(path).folder
    guard access(folder, F_OK) == 0 else {
      return Diagnostic("file.missing", "there is no folder \(typedFolder)", at: span)
    }
    let names = Self.names(in: folder)
    var help = didYouMean(name, in: names)
    if help == nil {
      // The same name with another ending, or another case: iris.txt for iris.csv.
      let stem = name.prefix { $0 != "." }.lowercased()
      let same = names.filter { $0.prefix { $0 != "." }.lowercased() == stem }.sorted()
      if !stem.isEmpty, let first = same.first { help = "did you mean \(first)?" }
    }
    if help == nil, let datasets = Home.folder(.datasets) {
      help = didYouMean(name, in: Self.names(in: datasets))
    }
    let place = typedFolder == "." ? "here" : "in \(typedFolder)"
    return Diagnostic("file.missing", "there is no file \(name) \(place)", at: span, help: help)
  }
}
