# What Google would answer: only the values that the tests tell apart.

mock_data "google_project" {
  defaults = { number = "123456789012" }
}

mock_data "google_storage_project_service_account" {
  defaults = { email_address = "service-123456789012@gs-project-accounts.iam.gserviceaccount.com" }
}

mock_resource "google_cloud_run_v2_service" {
  defaults = { uri = "https://sheet-serving-abcdef-ew.a.run.app" }
}

override_resource {
  target = google_service_account.function
  values = {
    email  = "sheet-reader@p.iam"
    member = "serviceAccount:sheet-reader@p.iam"
  }
}

override_resource {
  target = google_service_account.serving
  values = {
    email  = "sheet-serving@p.iam"
    member = "serviceAccount:sheet-serving@p.iam"
  }
}

override_resource {
  target = google_service_account.trigger
  values = {
    email  = "sheet-trigger@p.iam"
    member = "serviceAccount:sheet-trigger@p.iam"
  }
}

override_resource {
  target = google_service_account.app
  values = {
    email  = "sheet-app@p.iam"
    member = "serviceAccount:sheet-app@p.iam"
  }
}

override_resource {
  target = google_service_account.build
  values = {
    email  = "sheet-build@p.iam"
    member = "serviceAccount:sheet-build@p.iam"
  }
}

override_resource {
  target = google_service_account.release
  values = {
    email  = "sheet-release@p.iam"
    member = "serviceAccount:sheet-release@p.iam"
  }
}
