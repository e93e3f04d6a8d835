// The methods that texts name: first-order descent and momentum, adaptive ones, and the rest.
//
// Phrases are matched as whole words, the longest first, so “adamw” is never “adam” and “nesterov
// momentum” never “momentum”.

extension NamedMethod {
  package static let catalogue = descents + momenta + adaptive + adams + others

  private static let allMomenta = [
    "momentum", "momentum_velocity", "heavy_ball", "momentum_ema", "momentum_dampened",
    "momentum_ema_corrected",
  ]
  private static let allNesterov = [
    "nesterov", "nesterov_lookahead", "nesterov_velocity", "nesterov_two_sequence", "fista",
  ]

  private static let allRMSprop = [
    "rmsprop", "rmsprop_eps_inside", "rmsprop_no_eps", "rmsprop_corrected",
    "rmsprop_corrected_eps_inside", "rmsprop_centered", "rmsprop_centered_eps_inside",
    "rmsprop_graves", "rmsprop_momentum", "rmsprop_momentum_eps_inside", "rmsprop_nesterov",
  ]

  private static let descents = [
    NamedMethod(
      "gradient-descent", "gradient descent",
      phrases: [
        "gradient descent", "gradient descend", "gd", "steepest descent", "batch gradient descent",
        "full batch gradient descent", "vanilla gradient descent", "stochastic gradient descent",
        "sgd", "mini batch gradient descent", "minibatch gradient descent", "mini batch sgd",
        "minibatch sgd", "batch gd", "mini batch gd", "vanilla sgd", "plain sgd",
        "online gradient descent",
        "gradient step", "delta rule", "widrow hoff", "lms rule",
        "梯度下降", "梯度下降法", "随机梯度下降", "随机梯度下降法", "批量梯度下降", "批梯度下降", "批量梯度下降法",
        "小批量梯度下降", "小批量梯度下降法", "小批量随机梯度下降", "最速下降", "最速下降法", "全量梯度下降",
        "勾配降下法", "確率的勾配降下法", "最急降下法", "경사하강법", "확률적 경사하강법",
        "gradientenabstieg", "gradientenverfahren", "gradientenabstiegsverfahren",
        "stochastischer gradientenabstieg", "stochastisches gradientenverfahren",
        "steilster abstieg", "verfahren des steilsten abstiegs",
        "descente de gradient", "descente du gradient", "algorithme du gradient",
        "descente de gradient stochastique", "gradient stochastique", "plus forte pente",
        "descenso de gradiente", "descenso del gradiente", "descenso por gradiente",
        "descenso de gradiente estocastico", "descenso del gradiente estocastico",
        "descenso de gradiente por lotes", "gradiente descendente",
        "descenso por gradiente estocastico", "descida do gradiente estocastico",
        "descida de gradiente", "discesa stocastica del gradiente",
        "gradiente descendente estocastico",
        "discesa del gradiente", "descida do gradiente", "градиентный спуск",
        "стохастический градиентный спуск",
      ],
      rules: ["gradient_descent", "gradient_descent_l2"],
      looser: allMomenta + allNesterov + ["qhm", "asgd", "steepest_descent", "backtracking"],
      isWide: true),
    NamedMethod(
      "gradient-descent-l2", "gradient descent with weight decay",
      phrases: [
        "gradient descent with weight decay", "sgd with weight decay", "sgd with l2",
        "stochastic gradient descent with weight decay", "gradient descent with l2 regularization",
        "gradient descent with l2 regularisation", "sgd with l2 regularization",
        "sgd with l2 regularisation", "gradientenabstieg mit weight decay",
      ],
      rules: ["gradient_descent_l2"],
      looser: allMomenta + allNesterov, isWide: true),
    NamedMethod(
      "gradient-ascent", "gradient ascent",
      phrases: [
        "gradient ascent", "stochastic gradient ascent", "steepest ascent", "policy gradient",
        "梯度上升", "梯度上升法", "随机梯度上升", "策略梯度", "gradientenanstieg", "montee de gradient",
        "ascenso de gradiente", "ascenso del gradiente",
      ],
      rules: [], isWide: true),
    NamedMethod(
      "newton", "Newton's method",
      phrases: [
        "newton", "newton s method", "newtons method", "newton method", "newton raphson", "牛顿法",
        "newtonverfahren", "newton verfahren", "methode de newton", "metodo de newton",
      ],
      rules: ["newton", "newton_damped"], isWide: true),
    NamedMethod(
      "polyak", "Polyak's step size",
      phrases: [
        "polyak step size", "polyak s step size", "polyak stepsize", "polyak step", "polyak s step",
        "polyak step length", "polyak s step length",
      ],
      rules: ["polyak", "polyak_step"]),
    NamedMethod(
      "sign-sgd", "sign SGD",
      phrases: ["sign sgd", "signsgd", "sign gradient descent", "符号梯度下降"],
      rules: ["sign_sgd", "signum"]),
    NamedMethod(
      "signum", "Signum", phrases: ["signum", "signsgd with momentum", "sign sgd with momentum"],
      rules: ["signum"]),
    NamedMethod(
      "averaged-gradient-descent", "averaged gradient descent",
      phrases: ["averaged sgd", "asgd", "polyak averaging", "polyak ruppert averaging"],
      rules: ["asgd", "gradient_descent"], isWide: true),
  ]

  private static let momenta = [
    NamedMethod(
      "momentum", "momentum",
      phrases: [
        "momentum", "heavy ball", "heavy ball method", "polyak momentum", "polyak s momentum",
        "classical momentum", "momentum method", "gradient descent with momentum",
        "sgd with momentum", "sgd momentum", "momentum sgd", "sgdm", "momentum gradient descent",
        "stochastic gradient descent with momentum", "momentum optimizer", "momentum optimization",
        "动量", "动量法", "动量梯度下降", "动量梯度下降法", "带动量的梯度下降", "带动量的随机梯度下降",
        "动量优化", "重球法", "冲量法", "モーメンタム", "モメンタム", "모멘텀", "impuls", "impulsverfahren", "impulsterm",
        "momentumverfahren", "gradientenabstieg mit momentum", "gradientenabstieg mit impuls",
        "descente de gradient avec moment", "descente de gradient avec momentum",
        "descente de gradient avec inertie", "inertie", "boule lourde",
        "descenso de gradiente con momento", "descenso del gradiente con momento",
        "descenso de gradiente con momentum", "gradiente con momento", "bola pesada",
        "con momento", "com momento", "con inercia", "avec moment", "avec inertie", "импульс",
      ],
      rules: allMomenta, looser: ["qhm"], isWide: true),
    NamedMethod(
      "nesterov", "Nesterov momentum",
      phrases: [
        "nesterov", "nag", "nesterov momentum", "nesterov s momentum",
        "nesterov accelerated gradient",
        "nesterov s accelerated gradient", "nesterov acceleration",
        "accelerated gradient method", "accelerated gradient", "accelerated gradient descent",
        "nesterov s method", "look ahead momentum", "lookahead momentum",
        "sgd with nesterov momentum",
        "nesterov动量", "nesterov加速梯度", "nesterov 加速梯度", "nesterov 动量", "涅斯捷罗夫", "牛顿动量",
        "nesterov加速", "加速梯度下降", "nesterov impuls", "nesterov verfahren",
        "gradient accelere de nesterov", "momento de nesterov", "gradiente acelerado de nesterov",
      ],
      rules: allNesterov, isWide: true),
    NamedMethod(
      "fista", "FISTA", phrases: ["fista"], rules: ["fista", "nesterov_two_sequence"], isWide: true),
    NamedMethod(
      "quasi-hyperbolic-momentum", "quasi-hyperbolic momentum",
      phrases: ["qhm", "quasi hyperbolic momentum"], rules: ["qhm"]),
  ]

  private static let adaptive = [
    NamedMethod(
      "adagrad", "AdaGrad",
      phrases: [
        "adagrad", "ada grad", "adaptive gradient", "adaptive gradient algorithm",
        "adaptive subgradient", "自适应梯度", "自适应梯度算法", "自适应次梯度", "adaptiver gradient",
        "gradient adaptatif", "gradiente adaptativo",
      ],
      rules: ["adagrad", "adagrad_eps_inside", "adagrad_no_eps", "adagrad_keras", "adagrad_norm"]),
    NamedMethod(
      "adagrad-norm", "AdaGrad-Norm",
      phrases: ["adagrad norm", "adagradnorm", "scalar adagrad", "wngrad"], rules: ["adagrad_norm"]),
    NamedMethod(
      "rmsprop", "RMSprop",
      phrases: [
        "rmsprop", "rms prop", "root mean square propagation", "root mean squared propagation",
        "均方根传播", "均方根反向传播", "均方根传递",
      ],
      rules: allRMSprop),
    NamedMethod(
      "rmsprop-momentum", "RMSprop with momentum",
      phrases: [
        "rmsprop with momentum", "rmsprop momentum", "rmsprop and momentum", "带动量的rmsprop",
        "rmsprop mit momentum", "rmsprop avec momentum", "rmsprop con momentum",
        "rmsprop with nesterov momentum",
      ],
      rules: [
        "rmsprop_momentum", "rmsprop_momentum_eps_inside", "rmsprop_graves", "rmsprop_nesterov",
      ]),
    NamedMethod(
      "rmsprop-centered", "centered RMSprop",
      phrases: ["centered rmsprop", "rmsprop centered", "graves rmsprop", "graves s rmsprop"],
      rules: ["rmsprop_centered", "rmsprop_centered_eps_inside", "rmsprop_graves"]),
    NamedMethod(
      "adadelta", "AdaDelta",
      phrases: ["adadelta", "ada delta", "adaptive delta", "adaptive learning rate method zeiler"],
      rules: ["adadelta"]),
    NamedMethod(
      "rprop", "Rprop",
      phrases: ["rprop", "resilient backpropagation", "resilient propagation", "弹性反向传播"],
      rules: ["rprop", "rprop_minus", "rprop_plus"], isWide: true),
  ]

  private static let adams = [
    NamedMethod(
      "adam", "Adam",
      phrases: [
        "adam", "adaptive moment estimation", "adaptive moments", "自适应矩估计", "自适应动量估计",
        "estimation adaptative des moments", "adaptive momentenschatzung",
        "estimacion adaptativa de momentos", "estimacion de momento adaptativo",
      ],
      rules: ["adam", "adam_eps_hat", "adam_eps_inside", "adam_no_eps"],
      looser: ["adam_l2", "adamw", "adamw_eps_hat", "adamw_unscaled"]),
    NamedMethod(
      "adam-uncorrected", "Adam without bias correction",
      phrases: [
        "adam without bias correction", "adam without bias corrections", "adam without correction",
        "uncorrected adam", "bertadam", "bert adam", "adam ohne bias korrektur",
        "adam ohne biaskorrektur", "adam sans correction de biais", "adam sin correccion de sesgo",
        "没有偏差修正的adam", "不带偏差修正的adam", "无偏差修正的adam",
      ],
      rules: ["adam_uncorrected", "adam_uncorrected_eps_inside", "adam_uncorrected_no_eps"]),
    NamedMethod(
      "adam-l2", "Adam with L2 regularisation",
      phrases: [
        "adam with l2", "adam l2", "adam with l2 regularization", "adam with l2 regularisation",
        "adam mit l2", "l2 adam", "adam with weight decay", "adam weight decay",
      ],
      rules: ["adam_l2", "adamw", "adamw_eps_hat", "adamw_unscaled"]),
    NamedMethod(
      "adamw", "AdamW",
      phrases: [
        "adamw", "adam w", "adam with decoupled weight decay", "decoupled weight decay",
        "decoupled adam", "解耦权重衰减", "权重衰减解耦", "entkoppelter gewichtsverfall",
      ],
      rules: ["adamw", "adamw_eps_hat", "adamw_unscaled"]),
    NamedMethod(
      "amsgrad", "AMSGrad", phrases: ["amsgrad", "ams grad", "adam with amsgrad", "adam amsgrad"],
      rules: ["amsgrad", "amsgrad_torch", "amsgrad_optax", "amsgrad_keras"],
      variesInCorrections: true),
    NamedMethod(
      "nadam", "NAdam",
      phrases: [
        "nadam", "nesterov adam", "nesterov accelerated adam", "adam with nesterov momentum",
        "adam with nesterov", "nesterov accelerated adaptive moment estimation",
        "nesterov accelerated adaptive moment", "adam mit nesterov",
      ],
      rules: ["nadam", "nadam_ruder", "nadam_torch", "nadam_uncorrected"]),
    NamedMethod(
      "radam", "RAdam", phrases: ["radam", "rectified adam", "修正的adam"],
      rules: ["radam", "radam_torch", "radam_optax"]),
    NamedMethod(
      "adamax", "AdaMax", phrases: ["adamax", "ada max"],
      rules: ["adamax", "adamax_torch", "adamax_keras"]),
    NamedMethod(
      "adabelief", "AdaBelief", phrases: ["adabelief", "ada belief"],
      rules: ["adabelief", "adabelief_eps_once"], variesInCorrections: true),
    NamedMethod(
      "yogi", "Yogi", phrases: ["yogi"], rules: ["yogi", "yogi_corrected"],
      variesInCorrections: true),
    NamedMethod(
      "adan", "Adan", phrases: ["adan"], rules: ["adan"], isWide: true, variesInCorrections: true),
    NamedMethod(
      "qhadam", "QHAdam", phrases: ["qhadam"], rules: ["qhadam"], isWide: true,
      variesInCorrections: true),
    NamedMethod(
      "novograd", "NovoGrad", phrases: ["novograd"], rules: ["novograd"], isWide: true),
    NamedMethod(
      "adafactor", "Adafactor", phrases: ["adafactor"], rules: ["adafactor"], isWide: true),
  ]

  private static let others = [
    NamedMethod("lion", "Lion", phrases: ["lion", "evolved sign momentum"], rules: ["lion"]),
    NamedMethod(
      "lamb", "LAMB", phrases: ["lamb"], rules: ["lamb"], isWide: true, variesInCorrections: true),
    NamedMethod("lars", "LARS", phrases: ["lars"], rules: ["lars"], isWide: true),
    NamedMethod("ista", "ISTA", phrases: ["ista"], rules: ["ista"], isWide: true),
    NamedMethod(
      "sam", "SAM", phrases: ["sharpness aware minimization", "sharpness aware minimisation"],
      rules: ["sam"], isWide: true),
    NamedMethod("ftrl", "FTRL", phrases: ["ftrl"], rules: ["ftrl"], isWide: true),
    NamedMethod(
      "optimistic", "optimistic gradient descent",
      phrases: ["optimistic gradient descent", "optimistic gradient"],
      rules: ["optimistic_gradient_descent"], isWide: true),
    NamedMethod(
      "extragradient", "extragradient", phrases: ["extragradient", "extra gradient"],
      rules: ["extragradient"], isWide: true),
    NamedMethod(
      "schedule-free", "schedule-free SGD",
      phrases: ["schedule free", "schedule free sgd"], rules: ["schedule_free_sgd"], isWide: true),
  ]
}
