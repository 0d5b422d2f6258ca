terraform {
  required_version = ">= 1.9, < 2"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8"
    }
  }

  # The state's bucket is named at `terraform init -backend-config=bucket=…`, so that nothing here belongs to one project.
  backend "gcs" {
    prefix = "sheet-id-reader"
  }
}

provider "google" {
  project = var.project
  region  = var.region

  # Budgets are asked of the billing API, which wants to know whose quota a person's own credentials use.
  billing_project       = var.project
  user_project_override = true

  default_labels = {
    application = "sheet-id-reader"
  }
}
