// A report as the one JSON object it is printed as.

extension Report {
  /// The report's fields with its kind and the version of that kind's layout.
  package var object: JSONValue {
    var fields = json()
    fields["kind"] = .string(kind)
    fields["version"] = .number(1)
    return .object(fields)
  }
}
