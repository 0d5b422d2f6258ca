"""Lets applications that still speak beanstalkd have their sheets read, without a change to them."""
