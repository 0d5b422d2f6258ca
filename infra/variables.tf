# Where it runs

variable "project" {
  description = "ID of the Google Cloud project that everything is created in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be a project's ID: 6 to 30 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region" {
  description = "Region of everything: the bucket and its trigger have to be in the same one."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]{1,2}$", var.region))
    error_message = "region must be a single region such as europe-west1; a multi-region (EU) or a zone (europe-west1-b) is not one."
  }
}

# What is deployed the first time; afterwards the releases do it

variable "serving_image" {
  description = "The serving image that the service is created with, by digest. Later images are deployed by the release build."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.serving_image))
    error_message = "serving_image must name its digest: REGISTRY/PATH@sha256:…; a tag may mean another image tomorrow."
  }
}

variable "function_archive" {
  description = "Path of the zip with the function's sources and wheels, made by `python -m infra.release.package`."
  type        = string
  default     = "../build/function.zip"
  nullable    = false

  validation {
    condition     = fileexists(var.function_archive)
    error_message = "function_archive does not exist; make it with `python -m infra.release.package build/function.zip`."
  }
}

# What is read

variable "upload_prefix" {
  description = "Only objects whose names begin with this are read; empty for all."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.upload_prefix == "" || can(regex("^[^/\\s][^\\s]*/$", var.upload_prefix))
    error_message = "upload_prefix must be empty or a folder such as uploads/, with a slash at its end and none in front."
  }
}

variable "sheet_number" {
  description = "What a sheet number looks like: length (7 or 6-8), check (luhn, iso7064_mod_11_10, iso7064_mod_97_10) and pattern (a regular expression). Every rule turns wrong readings into rejected ones."
  type = object({
    length  = optional(string)
    check   = optional(string)
    pattern = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.sheet_number.length == null || can(regex("^[0-9]{1,2}(-[0-9]{1,2})?$", var.sheet_number.length))
    error_message = "sheet_number.length must be a length (7) or a range (6-8)."
  }

  validation {
    condition = var.sheet_number.check == null || contains(
      ["luhn", "iso7064_mod_11_10", "iso7064_mod_97_10"], coalesce(var.sheet_number.check, "none")
    )
    error_message = "sheet_number.check must be luhn, iso7064_mod_11_10 or iso7064_mod_97_10."
  }

  validation {
    condition     = var.sheet_number.pattern == null || can(regexall(var.sheet_number.pattern, ""))
    error_message = "sheet_number.pattern must be a regular expression, without look-around."
  }
}

variable "model_label" {
  description = "Which version of the model the function asks for: stable, or canary."
  type        = string
  default     = "stable"
  nullable    = false

  validation {
    condition     = contains(["stable", "canary"], var.model_label)
    error_message = "model_label must be stable or canary: serving/models.config knows no other."
  }
}

variable "release_sample_number" {
  description = "Number on the sample sheet that a release has to read before it is kept; it has to keep the rules of sheet_number."
  type        = string
  default     = "20269134"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{1,20}$", var.release_sample_number))
    error_message = "release_sample_number must be 1 to 20 digits."
  }
}

# How long things are kept

variable "sheet_nearline_after_days" {
  description = "Days after which a sheet moves to the cheaper Nearline class (30 days at least are billed there)."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.sheet_nearline_after_days >= 1
    error_message = "sheet_nearline_after_days must be 1 or more."
  }
}

variable "sheet_delete_after_days" {
  description = "Days after which a sheet is deleted; null keeps it for ever, since the application's database points at it."
  type        = number
  default     = null

  validation {
    condition     = var.sheet_delete_after_days == null || coalesce(var.sheet_delete_after_days, 1) >= 1
    error_message = "sheet_delete_after_days must be 1 or more, or null."
  }
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to destroy the serving service and a bucket that still holds sheets. Set to false just before `terraform destroy`."
  type        = bool
  default     = true
  nullable    = false
}

# How large it grows; docs/cost.md says how the defaults were found

variable "function_scaling" {
  description = "Instances of the function: kept warm (each is billed while idle) and at most."
  type = object({
    min_instances = optional(number, 0)
    max_instances = optional(number, 20)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.function_scaling.min_instances >= 0
      && var.function_scaling.max_instances >= max(1, var.function_scaling.min_instances)
      && var.function_scaling.max_instances <= 1000
    )
    error_message = "function_scaling must have 0 <= min_instances <= max_instances <= 1000, and one instance at least."
  }
}

variable "serving_scaling" {
  description = "Instances of TensorFlow Serving: kept warm (each is billed while idle) and at most."
  type = object({
    min_instances = optional(number, 0)
    max_instances = optional(number, 5)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.serving_scaling.min_instances >= 0
      && var.serving_scaling.max_instances >= max(1, var.serving_scaling.min_instances)
      && var.serving_scaling.max_instances <= 1000
    )
    error_message = "serving_scaling must have 0 <= min_instances <= max_instances <= 1000, and one instance at least."
  }
}

# Who is told

variable "alert_email" {
  description = "Address that alerts and budget warnings are sent to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "alert_email must be an e-mail address."
  }
}

variable "review_rate_alert" {
  description = "Share of sheets left for review or rejected, over an hour, from which on somebody is told."
  type        = number
  default     = 0.2
  nullable    = false

  validation {
    condition     = var.review_rate_alert > 0 && var.review_rate_alert < 1
    error_message = "review_rate_alert must be between 0 and 1."
  }
}

variable "budget" {
  description = "Monthly budget of the project, in the billing account's currency, or null for none. It warns; it does not stop anything."
  type = object({
    billing_account = string
    amount          = number
  })
  default = null

  validation {
    condition     = var.budget == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "budget.billing_account must be the account's ID, such as 012345-6789AB-CDEF01."
  }

  validation {
    condition     = var.budget == null || try(var.budget.amount >= 1 && floor(var.budget.amount) == var.budget.amount, false)
    error_message = "budget.amount must be a whole number, 1 or more."
  }
}
