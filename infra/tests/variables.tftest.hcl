# What is refused before anything is created: every variable with a value that it must not have.

mock_provider "google" {}

run "refuses_what_makes_no_sense" {
  command = plan

  variables {
    project                   = "123456789012"                      # a number, not an ID
    region                    = "EU"                                # a multi-region
    serving_image             = "europe-west1-docker.pkg.dev/p/i:1" # a tag, not a digest
    function_archive          = "nowhere.zip"
    upload_prefix             = "uploads" # would match uploads-old/ too
    sheet_number              = { length = "seven", check = "crc32", pattern = "(" }
    model_label               = "latest"
    release_sample_number     = "none"
    sheet_nearline_after_days = 0
    sheet_delete_after_days   = 0
    function_scaling          = { min_instances = 3, max_instances = 2 }
    serving_scaling           = { max_instances = 0 }
    alert_email               = "nobody"
    review_rate_alert         = 20
    budget                    = { billing_account = "me", amount = 0.5 }
  }

  expect_failures = [
    var.project,
    var.region,
    var.serving_image,
    var.function_archive,
    var.upload_prefix,
    var.sheet_number,
    var.model_label,
    var.release_sample_number,
    var.sheet_nearline_after_days,
    var.sheet_delete_after_days,
    var.function_scaling,
    var.serving_scaling,
    var.alert_email,
    var.review_rate_alert,
    var.budget,
  ]
}
