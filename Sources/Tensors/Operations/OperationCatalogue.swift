// The list of all operations.

extension Operation {
  package static let catalogue: [Operation] =
    arithmetic + comparison + exponential + trigonometric + activation + rounding + reductions
    + extremePlaces
    + shapeChanges + slicing + gathering + linear + elimination + softmaxes + likelihood + windows
    + sampling + quantizing + [batchRows, oneHot, cumulativeSum]
}
