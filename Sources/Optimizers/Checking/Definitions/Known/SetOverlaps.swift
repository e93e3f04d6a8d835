// How far a predicted region covers the true one: Dice's coefficient and the Jaccard index of shares
// (Milletari et al. 2016, with squares; Sudre et al. 2017, without).

extension KnownDefinitions {
  private static let dice = DefinitionFamily(
    "dice", "the Dice coefficient", names: ["dice", "dsc", "dicecoefficient"],
    words: ["dice coefficient", "dice score", "dice similarity", "dice-koeffizient", "dice系数"],
    admits: ["dice-loss", "f1"])
  private static let diceLoss = DefinitionFamily(
    "dice-loss", "the Dice loss", names: ["diceloss", "ldice"],
    words: ["dice loss", "dice-loss"], admits: ["dice"])
  private static let overlap = DefinitionFamily(
    "soft-jaccard", "the Jaccard index of shares", names: ["iou", "jaccard", "softiou"],
    words: ["jaccard", "intersection over union", "soft iou", "iou loss", "交并比"],
    admits: ["jaccard"])

  private static let p = KnownInput.vector(
    "p", "n", .unit, ["p", "y_hat", "x", "s", "y_pred", "p_hat", "a"],
    certain: ["y_hat", "y_pred", "p_hat"])
  private static let g = KnownInput.vector(
    "g", "n", .bit, ["g", "y", "t", "y_true", "r", "q", "b"], certain: ["y_true"])
  private static let epsilon = KnownInput.scalar(
    "e", .between(0.05, 1), ["epsilon", "varepsilon", "s", "smooth", "eps"])

  private struct Part {
    var id: String
    var says: String
    var inputs: [KnownInput]
    var reference: String
  }

  private static func forms(_ top: String, _ below: String) -> [(String, String, Bool)] {
    [
      ("", "\(top)/(\(below))", false),
      ("_smooth", "(\(top) + e)/(\(below) + e)", true),
      ("_smooth_one", "(\(top) + 1)/(\(below) + 1)", false),
      ("_smooth_below", "\(top)/(\(below) + e)", true),
    ]
  }

  private static let parts: [Part] = [false, true].flatMap { isSquared -> [Part] in
    let sums = isSquared ? "sum(p^2) + sum(g^2)" : "sum(p) + sum(g)"
    let kind = isSquared ? ", squared below" : ""
    return forms("2*sum(p*g)", sums).map { id, reference, isSmooth in
      Part(
        id: (isSquared ? "_squared" : "") + id,
        says: "twice the overlap divided by both sums\(kind)"
          + (isSmooth ? ", ε against a division by 0" : ""),
        inputs: [p, g] + (isSmooth ? [epsilon] : []), reference: reference)
    }
  }

  static let overlaps: [KnownDefinition] =
    parts.flatMap { part in
      [
        KnownDefinition(
          "dice_loss\(part.id)", diceLoss, "1 less " + part.says, part.inputs,
          "1 - (\(part.reference))"),
        KnownDefinition("dice\(part.id)", dice, part.says, part.inputs, part.reference),
      ]
    }
    + forms("sum(p*g)", "sum(p) + sum(g) - sum(p*g)").flatMap { id, reference, isSmooth in
      let inputs = [p, g] + (isSmooth ? [epsilon] : [])
      return [
        KnownDefinition(
          "soft_jaccard\(id)", overlap, "the overlap divided by what either covers", inputs,
          reference),
        KnownDefinition(
          "soft_jaccard_loss\(id)", overlap, "1 less the overlap divided by what either covers",
          inputs, "1 - (\(reference))"),
      ]
    }
}
