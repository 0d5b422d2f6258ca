# One account for each workload.

resource "google_service_account" "function" {
  account_id   = "sheet-reader"
  display_name = "Sheet reader: the function"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "serving" {
  account_id   = "sheet-serving"
  display_name = "Sheet reader: TensorFlow Serving, which needs no role at all"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "trigger" {
  account_id   = "sheet-trigger"
  display_name = "Sheet reader: brings events to the function"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "app" {
  account_id   = "sheet-app"
  display_name = "Sheet reader: the application that uploads sheets and takes results"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "build" {
  account_id   = "sheet-build"
  display_name = "Sheet reader: builds the function's image from its sources"
  depends_on   = [google_project_service.this]
}

resource "google_service_account" "release" {
  account_id   = "sheet-release"
  display_name = "Sheet reader: the release build (cloudbuild.yaml)"
  depends_on   = [google_project_service.this]
}
